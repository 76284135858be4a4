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
