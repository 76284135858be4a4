import { expect, test } from "vitest";
import { byKey, createDirect } from "./direct.ts";
import { createWorld } from "./world.ts";

test("a team that gets another key is followed, also when another team takes the old one", async () => {
  const { app, linear, source, poll, errors } = await createWorld();
  const defect = await app.defects.create({ projectId: "web", title: "Total is wrong" });
  await app.defects.push(defect.id);
  await poll();
  linear.renameTeam("ENG", "PLAT");
  linear.addTeam("ENG");
  linear.as("lena").editIssue("PLAT-1", { title: "Total is wrong with a voucher" });
  await poll();
  expect((await app.defects.get(defect.id))?.title).toBe("Total is wrong with a voucher");
  expect((await app.sources.get(source.id))?.targets.map(({ container }) => container)).toEqual(["PLAT"]);
  expect((await app.defects.links(defect.id))[0]).toMatchObject({ status: "synced", badge: { text: "PLAT-1" } });
  const next = await app.defects.create({ projectId: "web", title: "The next one" });
  expect((await app.defects.push(next.id)).badge?.text).toBe("PLAT-2");
  const object = { type: "test-case", id: "TC-1", projectId: "web" };
  const added = await app.references.add({ object, sourceId: source.id, issue: "ENG-1", relation: "relates-to" });
  expect(added.issue.id).toBe((await app.defects.links(defect.id))[0]?.issue?.id);
  expect([errors, linear.violations]).toEqual([[], []]);
});

test("a team that the credential does not see any more is told, instead of looking quiet", async () => {
  const { app, linear, source, poll } = await createWorld();
  await poll();
  linear.changeToken(linear.apiKey, { teams: ["OPS"] });
  await poll();
  const { status, reason } = (await app.sources.get(source.id))?.health ?? {};
  expect([status, reason]).toEqual(["degraded", expect.stringContaining("Team ENG was not found")]);
  linear.changeToken(linear.apiKey, { teams: null });
  for (let round = 0; round < 12; round += 1) await poll();
  expect((await app.sources.get(source.id))?.health.status).toBe("ok");
});

test("a cursor without the team's id, of an earlier version, goes on", async () => {
  const { provider, call, linear, lena } = createDirect();
  const asked = { container: "ENG", startAt: linear.now(), withComments: true };
  const first = await provider.changes?.list(call, { ...asked, cursor: null });
  const { teamId: _teamId, ...old } = JSON.parse(first?.cursor ?? "{}") as { teamId: string };
  lena.createIssue("ENG", { title: "New" });
  const page = await provider.changes?.list(call, { ...asked, cursor: JSON.stringify(old) });
  expect([page?.issues.length, page?.cursor]).toEqual([1, expect.stringContaining('"teamId"')]);
  linear.renameTeam("ENG", "PLAT");
  expect(await provider.read?.issues(call, { issues: [byKey("ENG", "1")] })).toMatchObject([
    { kind: "moved", to: { container: "PLAT", item: "1" } },
  ]);
});
