import { generateSecretKey } from "@backref/core";
import { createFakeGitHub } from "@backref/testing/github";
import { startServer } from "backref-postgres-server";
import { expect, onTestFinished, test, vi } from "vitest";
import { createHostBackref } from "../src/host.ts";
import { startProgram } from "./support/programs.ts";

const actor = { tenantId: "acme", userId: "olga", role: "owner" } as const;

test("a web process takes deliveries, and a worker in another process does the work", async () => {
  const database = await startServer();
  onTestFinished(() => database.stop());
  const github = createFakeGitHub({ repositories: ["acme/web"], checkContract: false });
  const port = await github.listen();
  onTestFinished(() => port.close());
  const key = generateSecretKey();
  const pool = database.createPool();
  const backref = createHostBackref({ pool, secretKeys: [{ id: "host", key }], allowPrivateAddresses: true });
  await backref.migrate();

  const environment = { DATABASE_URL: database.url, BACKREF_KEY: key, ALLOW_PRIVATE_ADDRESSES: "true" };
  const [web, worker] = await Promise.all([
    startProgram("web", { ...environment, FRAMEWORK: "hono" }),
    startProgram("worker", environment),
  ]);

  const { sources, defects } = backref.as(actor);
  const source = await sources.create({
    name: "GitHub",
    provider: "github",
    baseUrl: port.url,
    auth: { type: "token", token: github.token },
    targets: [{ projectId: "web", container: "acme/web" }],
  });
  const { endpoint } = await sources.webhook(source.id);
  await sources.registerWebhooks(source.id, { url: `${web.line}/hooks/${endpoint}` });
  const { id } = await defects.create({ projectId: "web", title: "Total is wrong" });
  await defects.push(id);
  github.as("lena").editIssue("acme/web", 1, { title: "Total is wrong with a voucher" });
  await github.settle();

  await vi.waitFor(async () => expect((await defects.get(id)).title).toBe("Total is wrong with a voucher"), {
    timeout: 30_000,
    interval: 50,
  });
  expect(github.webhooks.deliveries.map(({ attempts }) => attempts)).not.toContainEqual([0]);
  await backref.close();
  // Asked to end, both end by themselves: nothing is left open.
  expect(await Promise.all([web.stop(), worker.stop()])).toEqual([0, 0]);
});
