/**
 * A tracker that Backref has never heard of: Nook, a small one with an HTTP API, on a port of this machine. Its provider is
 * in `provider/`; all that this program does with it, it would do with any other.
 *
 *     pnpm demo:custom-provider
 */
import { createBackref, generateSecretKey } from "@backref/core";
import { createMemoryStorage } from "@backref/storage-memory";
import { Nook } from "./nook/nook.ts";
import { serve } from "./nook/serve.ts";
import { createNookProvider } from "./provider/nook-provider.ts";

const nook = new Nook();
nook.addBoard("WEB");
nook.addPerson("robot-token", { id: "robot", name: "Backref", mayWrite: true });
const server = await serve(nook);

let requestCount = 0;
const backref = createBackref({
  storage: createMemoryStorage(),
  providers: [createNookProvider()],
  secretKeys: [{ id: "demo", key: generateSecretKey() }],
  allowPrivateAddresses: true, // Nook runs on this machine
  fetch: (input, init) => {
    requestCount += 1;
    return fetch(input, init);
  },
});
const app = backref.as({ tenantId: "acme", userId: "olga", role: "owner" });
const source = await app.sources.create({
  name: "Nook",
  provider: "nook",
  baseUrl: server.url,
  auth: { token: "robot-token" },
  targets: [{ projectId: "web", container: "WEB" }],
});
const { ok, account, problems } = await app.sources.test(source.id);
console.log(ok ? `Connected to Nook as ${account?.displayName}.` : problems.join("\n"));

const failures = [
  { caseId: "TC-1", runId: "R-1", resultId: "X-1", title: "Total is wrong with a voucher", details: "30 ≠ 29" },
  { caseId: "TC-2", runId: "R-1", resultId: "X-2", title: "Search is slow", details: "12 s" },
];
const defects = [];
for (const failure of failures) {
  const { defect } = await app.defects.report({ projectId: "web", failure });
  await app.defects.push(defect.id);
  defects.push(defect);
}

async function show(when: string): Promise<void> {
  const { items } = await app.defects.list({ projectId: "web" });
  const rows = [];
  for (const { id, title, status } of items) {
    const [link] = await app.defects.links(id);
    const card = nook.board("WEB")?.cards.get(Number(link?.badge?.text.split("-")[1]));
    rows.push({ title, status, card: link?.badge?.text, "at Nook": card?.state, link: link?.status });
  }
  console.log(`\n${when} (${requestCount} requests so far)`);
  console.table(rows);
}

await show("Pushed");

// Somebody at Nook takes up the one card; a tester closes the defect of the other.
nook.change("WEB", 1, { state: "doing", title: "Total is wrong with two vouchers" });
await app.defects.update(defects[1]?.id ?? "", { status: "closed" });
await backref.sync.run();
await show("Edited on both sides, and in step again");

await backref.close();
await server.close();
