/** What an application does first, against the packages as they are published. */

import { randomBytes } from "node:crypto";
import { createBackref } from "@backref/core";
import { createGitHubProvider } from "@backref/provider-github";
import { createMemoryStorage } from "@backref/storage-memory";

const backref = createBackref({
  storage: createMemoryStorage(),
  providers: [createGitHubProvider()],
  secretKeys: [{ id: "first", key: randomBytes(32).toString("base64") }],
  defectUrl: ({ defect }) => `https://tests.example.com/defects/${defect.id}`,
});
const app = backref.as({ tenantId: "acme", userId: "u1", projects: { web: "admin" } });
const providers = await app.providers.list();
console.log(`providers: ${providers.map(({ id }) => id).join(", ")}`);
await backref.close();
