import { missingRedmine } from "backref-redmine-server";
import { expect, test } from "vitest";
import { createWorld } from "./world.ts";

const missing = missingRedmine();
/** In the usual run a few show the same; `BACKREF_DEFECTS=200` pushes as many as a team has. */
const count = Number(process.env["BACKREF_DEFECTS"] ?? 8);

test("many defects are pushed, edited on both sides, commented and closed", { timeout: 1_800_000 }, async ({
  skip,
}) => {
  if (missing !== null) skip(missing);
  const world = await createWorld();
  const { app, redmine, project } = world;
  const numbers = Array.from({ length: count }, (_, index) => index);
  const defects = [];
  for (const index of numbers) {
    const priority = index % 2 === 0 ? ("critical" as const) : ("trivial" as const);
    defects.push(await app.defects.create({ projectId: "web", title: `Defect ${index}`, priority }));
  }
  for (const { id } of defects) await app.defects.push(id);
  await world.settle();
  const items = (await world.act("list_issues", { project })) as readonly number[];
  expect(items).toHaveLength(count);

  const keys = new Map<string, number>();
  for (const { id } of defects) {
    const [link] = await app.defects.links(id);
    keys.set(id, Number(link?.issue?.key.slice(1)));
  }
  expect(new Set(keys.values())).toEqual(new Set(items));
  const itemOf = (id: string) => keys.get(id) ?? 0;
  // People there edit titles and comment; people here edit priorities and close.
  await redmine.act(
    ...defects.flatMap(({ id }) => [
      { action: "edit_issue", item: itemOf(id), subject: `Edited there ${id}` },
      { action: "comment", item: itemOf(id), body: "Seen *there*" },
    ]),
  );
  for (const { id } of defects) {
    await app.defects.update(id, { priority: "blocker", status: "closed" });
    await app.comments.add({ defectId: id, body: "Seen **here**" });
  }
  await world.poll();
  await world.poll();

  for (const { id } of defects) {
    expect(await app.defects.get(id)).toMatchObject({ title: `Edited there ${id}`, status: "closed" });
    const bodies = (await app.comments.list({ defectId: id })).items.map(({ body }) => body);
    expect(bodies.toSorted()).toEqual(["Seen **here**", "Seen **there**"]);
    const issue = await world.look(String(itemOf(id)));
    expect(issue).toMatchObject({ title: `Edited there ${id}`, status: "Closed", priority: 5 });
    expect(issue["notes"]).toHaveLength(2);
    expect((await app.defects.links(id)).map(({ status }) => status)).toEqual(["synced"]);
  }
  const quiet = world.requests.length;
  await world.settle();
  expect(world.requestsSince(quiet)).toEqual([]);
  expect(world.errors).toEqual([]);
});
