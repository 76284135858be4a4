/**
 * The process that serves. It takes deliveries and calls, and starts no sync: that is the worker's.
 *
 *     DATABASE_URL=… BACKREF_KEY=… FRAMEWORK=hono PORT=3000 pnpm exec node examples/webhook-receiver/src/web.ts
 */
import { createHost, createHostBackref } from "./host.ts";
import { mounts } from "./mounts/index.ts";
import { settingsFrom } from "./settings.ts";

const { FRAMEWORK: framework = "hono", PORT: port = "0" } = process.env;
const mount = mounts.find(({ name }) => name.toLowerCase() === framework);
if (mount === undefined)
  throw new Error(`FRAMEWORK is one of ${mounts.map(({ name }) => name.toLowerCase()).join(", ")}.`);

const settings = settingsFrom(process.env);
const backref = createHostBackref(settings);
await backref.migrate();
const host = createHost(backref, { tenantId: "acme", userId: "olga", role: "owner" });
const server = await mount.start(host, Number(port));
console.log(server.url);

process.once("SIGTERM", async () => {
  await server.close();
  await backref.close();
  await settings.pool.end();
});
