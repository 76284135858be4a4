import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Backref, createBackref, generateSecretKey } from "@backref/core";
import { createGitHubProvider } from "@backref/provider-github";
import { createVirtualTime } from "@backref/testing";
import { createFakeGitHub } from "@backref/testing/github";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createSqliteStorage } from "./create-sqlite-storage.ts";

const time = createVirtualTime();
const github = createFakeGitHub({ repositories: ["acme/web"], now: time.now });
const secretKeys = [{ id: "test", key: generateSecretKey() }];

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "storage-on-sqlite-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A process that starts: everything it knows of earlier is in the file. */
async function start(): Promise<Backref> {
  const backref = createBackref({
    storage: createSqliteStorage({ path: join(folder, "backref.sqlite"), clock: time.clock }),
    providers: [createGitHubProvider()],
    secretKeys,
    clock: time.clock,
    scheduler: time.scheduler,
    fetch: github.fetch,
  });
  await backref.migrate();
  return backref;
}

function memberOf(backref: Backref) {
  return backref.as({ tenantId: "acme", userId: "max", displayName: "Max", projects: { web: "member" } });
}

test("a defect that was pushed is kept in step by the next process too", async () => {
  const first = await start();
  const owner = first.as({ tenantId: "acme", userId: "olga", role: "owner" });
  await owner.sources.create({
    name: "Our GitHub",
    provider: "github",
    auth: { type: "token", token: github.token },
    targets: [{ projectId: "web", container: "acme/web" }],
  });
  const failure = { caseId: "TC-7", runId: "R-1", title: "Total is wrong", details: "expected 30, got 29" };
  const { defect } = await memberOf(first).defects.report({ projectId: "web", failure });
  const link = await memberOf(first).defects.push(defect.id);
  expect(link).toMatchObject({ status: "synced", badge: { text: "#1" } });
  await first.close();

  const second = await start();
  const app = memberOf(second);
  expect(await app.defects.get(defect.id)).toMatchObject({ title: "Total is wrong", status: "open" });
  const again = await app.defects.report({ projectId: "web", failure: { ...failure, runId: "R-2" } });
  expect(again).toMatchObject({ created: false, defect: { id: defect.id } });

  await time.advance(61_000); // Polls come once a minute.
  github.as("lena").comment("acme/web", 1, "Fixed in 1.4");
  github.as("lena").closeIssue("acme/web", 1);
  await app.defects.update(defect.id, { title: "Total is wrong with a voucher" });
  await time.advance(61_000);
  await second.sync.run();

  expect((await app.defects.get(defect.id)).status).toBe("closed");
  expect((await app.comments.list({ defectId: defect.id })).items.map(({ body }) => body)).toEqual(["Fixed in 1.4"]);
  expect(github.issues("acme/web").map(({ title }) => title)).toEqual(["Total is wrong with a voucher"]);
  await second.close();
});
