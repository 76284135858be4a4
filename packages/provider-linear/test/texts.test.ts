import { expect, test } from "vitest";
import { createWorld } from "./world.ts";

const description = [
  "# Steps",
  "1. Open https://shop.example.com/cart",
  "1. Pay",
  "",
  "- [x] seen [twice]",
  "- **Total** is [wrong](https://shop.example.com/help)",
  "",
  "Expected",
  "---",
  "```ts",
  "- total[0] === 30",
  "```",
].join("\n");

async function createPushed() {
  const world = await createWorld();
  const { app, linear } = world;
  const defect = await app.defects.create({ projectId: "web", title: "Total is wrong", description });
  const told = async () => {
    const { items } = await app.activity.list({ defectId: defect.id, limit: 50 });
    return items.map(({ type }) => type);
  };
  const sides = async () => {
    const [link] = await app.defects.links(defect.id);
    return { status: link?.status, here: (await app.defects.get(defect.id))?.description };
  };
  return { ...world, linear, defect, told, sides };
}

test("a text that Linear writes anew is what was sent, after a push, a change and a look at it", async () => {
  const { app, linear, defect, sides, told, settle, poll, errors } = await createPushed();
  expect(await app.defects.push(defect.id)).toMatchObject({ status: "synced" });
  expect(linear.issue("ENG-1")?.description).toContain("* [X] seen \\[twice\\]");
  await poll();
  expect(await sides()).toMatchObject({ status: "synced", here: description });

  const changed = `${description}\n\n- and *again*`;
  await app.defects.update(defect.id, { description: changed });
  await settle();
  await poll();
  expect(linear.issue("ENG-1")?.description).toContain("* and *again*");
  expect(await sides()).toMatchObject({ status: "synced", here: changed });
  expect((await told()).filter((type) => /refused|conflict|superseded|inbound|applied/.test(type))).toEqual([]);
  expect(errors).toEqual([]);
});

test("what people change in it comes in, also where they change its marks alone", async () => {
  const { app, linear, defect, sides, poll } = await createPushed();
  await app.defects.push(defect.id);
  const lena = linear.as("lena");
  const text = () => linear.issue("ENG-1")?.description ?? "";
  lena.editIssue("ENG-1", { description: text().replace("2. Pay", "2. *Pay*").replace("1. Pay", "1. *Pay*") });
  await poll();
  expect((await sides()).here).toContain("1. *Pay*");
  lena.editIssue("ENG-1", { description: text().replace("seen", "heard") });
  await poll();
  const { here } = await sides();
  expect(here).toContain("heard");
  expect(here).toMatch(/- total\[0\] === 30\n```$/);
  await app.defects.update(defect.id, { description: here?.replace("heard", "smelt") ?? "" });
  await poll();
  expect(text()).toContain("smelt");
  expect(await sides()).toMatchObject({ status: "synced", here: here?.replace("heard", "smelt") });
});

test("nothing changes here because an answer was lost, of the issue, of a change or of a comment", async () => {
  const { app, linear, defect, sides, poll } = await createPushed();
  const lose = (operation: string) => linear.faults.add({ kind: "lost-after", match: { operation } });
  lose("mutation issueCreate");
  await app.defects.push(defect.id);
  await poll();
  expect(await sides()).toMatchObject({ status: "synced", here: description });
  lose("mutation issueUpdate");
  await app.defects.update(defect.id, { description: `${description}\n- more` });
  for (let round = 0; round < 3; round += 1) await poll();
  expect(await sides()).toMatchObject({ status: "synced", here: `${description}\n- more` });
  lose("mutation commentCreate");
  await app.comments.add({ defectId: defect.id, body: "- one\n- two [x]" });
  for (let round = 0; round < 3; round += 1) await poll();
  const bodies = async () => (await app.comments.list({ defectId: defect.id })).items.map(({ body }) => body);
  expect(await bodies()).toEqual(["- one\n- two [x]"]);
  expect(linear.issue("ENG-1")?.comments[0]?.body).toContain("* one\n* two \\[x\\]");
  const [comment] = (await app.comments.list({ defectId: defect.id })).items;
  lose("mutation commentUpdate");
  await app.comments.update(comment?.id ?? "", { body: "- one\n- three" });
  for (let round = 0; round < 3; round += 1) await poll();
  expect(await bodies()).toEqual(["- one\n- three"]);
});

test("identifiers that stand in tags of Linear's come in without them", async () => {
  const { app, linear, defect, sides, poll } = await createPushed();
  await app.defects.push(defect.id);
  linear.as("lena").editIssue("ENG-1", { description: 'Like <issue id="5e344694">ENG-7</issue>' });
  linear.as("lena").comment("ENG-1", 'Or <issue id="5e344695">ENG-8</issue>?');
  await poll();
  expect((await sides()).here).toBe("Like ENG-7");
  expect((await app.comments.list({ defectId: defect.id })).items.map(({ body }) => body)).toEqual(["Or ENG-8?"]);
});
