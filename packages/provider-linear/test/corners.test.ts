import { expect, test } from "vitest";
import { byKey, createDirect, newIssue } from "./direct.ts";
import { createWorld } from "./world.ts";

test("a title of several lines becomes one line there, and stays as it was here", async () => {
  const { app, linear, settle, operationsSince, errors } = await createWorld();
  const defect = await app.defects.create({ projectId: "web", title: "Total is\nwrong" });
  expect(await app.defects.push(defect.id)).toMatchObject({ status: "synced" });
  await settle();
  expect(linear.issue("ENG-1")?.title).not.toContain("\n");
  const mark = linear.mark();
  await settle();
  expect(operationsSince(mark)).toEqual([]);
  expect([(await app.defects.get(defect.id))?.title, errors]).toEqual(["Total is\nwrong", []]);
});

test("what the credential does not see is out of reach, and in no list", async () => {
  const { linear, provider, call, lena } = createDirect();
  lena.createIssue("OPS", { title: "Private" });
  linear.changeToken(linear.apiKey, { teams: ["ENG"] });
  expect(await provider.read?.issues(call, { issues: [byKey("OPS", "1")] })).toEqual([{ kind: "no-access" }]);
  expect(
    (await provider.containers?.list(call, { text: "", limit: 10 }))?.items.map(({ container }) => container),
  ).toEqual(["ENG"]);
  await expect(provider.create?.create(call, { ...newIssue, container: "OPS" })).rejects.toMatchObject({
    failure: "gone",
  });
  const report = await provider.connect?.test(call, { containers: ["ENG", "OPS"] });
  expect(report?.problems).toEqual([expect.stringMatching(/^Team OPS was not found, or the credential cannot see it/)]);
});

test("an issue leads back to its defect by a link of its own, in the request that makes it", async () => {
  const { app, linear, operationsSince } = await createWorld();
  const defect = await app.defects.create({ projectId: "web", title: "Total is wrong" });
  linear.faults.add({ kind: "lost-after", match: { operation: "mutation issueCreate" } });
  await app.defects.push(defect.id);
  expect(linear.links("ENG-1")).toEqual([{ title: defect.id, url: `https://tests.example.com/defects/${defect.id}` }]);
  expect(operationsSince(0)).not.toContain("mutation attachmentCreate");
});

test("an issue whose link is refused is made all the same, and that is told", async () => {
  const { linear, provider, call } = createDirect();
  const body = "<!-- backref:br-1 -->\n---\nLinked defect: [D-1](<https://[half>)\n<!-- /backref:br-1 -->";
  const made = await provider.create?.create(call, { ...newIssue, body });
  expect(made).toMatchObject({ issue: { item: "1" }, warnings: [{ field: "fields" }] });
  expect(made?.existed).toBeUndefined();
  expect([linear.issues("ENG").length, linear.links("ENG-1")]).toEqual([1, []]);
});

test("what was archived is put away, not deleted", async () => {
  const { app, linear, settle, poll, endpoint, source, errors } = await createWorld();
  const { secret } = await app.sources.webhook(source.id);
  linear.addWebhook({ url: `https://host.example/hooks/${endpoint}`, secret });
  const defect = await app.defects.create({ projectId: "web", title: "Total is wrong" });
  await app.defects.push(defect.id);
  linear.as("lena").editIssue("ENG-1", { title: "Total is right again" });
  linear.as("lena").archiveIssue("ENG-1");
  await linear.settle();
  await settle();
  const status = async () => (await app.defects.links(defect.id))[0]?.status;
  expect([await status(), (await app.defects.get(defect.id))?.title]).toEqual(["synced", "Total is right again"]);
  linear.as("lena").deleteIssue("ENG-1");
  await linear.settle();
  await settle();
  await poll();
  expect([await status(), errors]).toEqual(["remote-deleted", []]);
});

test.each([
  [{ archivedAt: "2026-11-22T00:00:00.000Z" }, "changed"],
  [{ archivedAt: "2026-11-22T00:00:00.000Z", trashed: true }, "deleted"],
  [{}, "deleted"],
])("a removal with %j is told as %s", (members, change) => {
  const { provider } = createDirect();
  const data = { id: "5e344694-8ad5-4999-a6c8-b8f54445e926", identifier: "ENG-1", ...members };
  const body = new TextEncoder().encode(JSON.stringify({ type: "Issue", action: "remove", data }));
  const headers = new Headers({ "linear-delivery": "d-1" });
  expect(provider.webhooks?.read({ headers, body }).hints).toMatchObject([{ item: "1", change }]);
});

test("an identifier in a text leads nobody to another issue, and reads here as it was written", async () => {
  const { app, linear, poll, errors } = await createWorld();
  const description = "Like ENG-7, see `ENG-8`";
  const defect = await app.defects.create({ projectId: "web", title: "Total is wrong", description });
  await app.defects.push(defect.id);
  await app.comments.add({ defectId: defect.id, body: "Or ENG-9" });
  await poll();
  const { description: sent, comments } = linear.issue("ENG-1") ?? {};
  expect([sent, comments?.[0]?.body].join("\n")).not.toMatch(/ENG-[79]/);
  expect(sent).toContain("`ENG-8`");
  linear.as("lena").editIssue("ENG-1", { description: sent?.replace("see", "and") ?? "" });
  await poll();
  expect((await app.defects.get(defect.id))?.description).toBe("Like ENG-7, and `ENG-8`");
  expect(errors).toEqual([]);
});

test("a reply comes in as a comment, and stays a reply there whatever is edited", async () => {
  const { app, linear, poll, errors } = await createWorld();
  const defect = await app.defects.create({ projectId: "web", title: "Total is wrong" });
  await app.defects.push(defect.id);
  const { id } = await app.comments.add({ defectId: defect.id, body: "Seen again" });
  await poll();
  const own = () => linear.issue("ENG-1")?.comments[0]?.id ?? "";
  const lena = linear.as("lena");
  const reply = lena.comment("ENG-1", "On which build?", own());
  await poll();
  await app.comments.update(id, { body: "Seen again, on build 7" });
  lena.editComment(reply, "On which build, please?");
  await poll();
  const { items } = await app.comments.list({ defectId: defect.id });
  expect(items.map(({ body }) => body)).toEqual(["Seen again, on build 7", "On which build, please?"]);
  expect(linear.issue("ENG-1")?.comments.map(({ parentId }) => parentId)).toEqual([null, own()]);
  expect(errors).toEqual([]);
});
