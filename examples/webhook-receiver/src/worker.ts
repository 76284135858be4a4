/**
 * The process that works. Any number of them may run side by side, and each may die at any moment.
 *
 *     DATABASE_URL=… BACKREF_KEY=… pnpm exec node examples/webhook-receiver/src/worker.ts
 */
import { createHostBackref } from "./host.ts";
import { settingsFrom } from "./settings.ts";

const settings = settingsFrom(process.env);
const backref = createHostBackref(settings);
await backref.migrate();
backref.sync.start();
console.log("working");

process.once("SIGTERM", async () => {
  await backref.close(); // ends what was begun
  await settings.pool.end();
});
