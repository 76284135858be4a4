import { expect, test } from "vitest";
import { createWorld, project } from "./world.ts";

test("an issue that is moved, and moved on, takes its comments and files along, and nothing is there twice", async () => {
  const world = await createWorld({}, { files: { "R-1": "abc" } });
  const { app, gitlab } = world;
  const file = { reference: "R-1", fileName: "a.txt", contentType: "text/plain", sizeBytes: 3 };
  const defect = await app.defects.create({ projectId: "web", title: "Total is wrong" });
  await world.time.during(app.defects.push(defect.id, { attachments: [file] }));
  const comment = await app.comments.add({ defectId: defect.id, body: "From the host" });
  await world.settle();
  gitlab.as("lena").note(`${project}#1`, "From GitLab");
  gitlab.as("lena").note(`${project}#1`, "Internal", { internal: true });
  await world.poll();

  for (const [from, to] of [
    [`${project}#1`, "other/tools"],
    ["other/tools#1", "acme/shop/api"],
  ] as const) {
    gitlab.as("lena").moveIssue(from, to);
    await world.poll();
    await world.poll();
    const [link, ...others] = await app.defects.links(defect.id);
    expect([link?.status, link?.issue?.key, others]).toEqual(["synced", `${to}#1`, []]);
    expect((await app.comments.list({ defectId: defect.id })).items.map(({ body }) => body)).toEqual([
      ...["From the host", "From GitLab"],
    ]);
    expect(gitlab.issue(`${to}#1`)?.notes).toHaveLength(4);
  }
  await app.defects.update(defect.id, { status: "closed" });
  await app.comments.add({ defectId: defect.id, body: "Done" });
  await world.poll();
  expect(gitlab.issue("acme/shop/api#1")).toMatchObject({ state: "closed" });
  expect(gitlab.issue("acme/shop/api#1")?.notes).toHaveLength(5);
  expect([project, "other/tools", "acme/shop/api"].map((path) => gitlab.issues(path).length)).toEqual([1, 1, 1]);

  await app.comments.update(comment.id, { body: "From the host, edited" });
  await world.poll();
  const notes = () => gitlab.issue("acme/shop/api#1")?.notes.map(({ body }) => body) ?? [];
  expect(notes().filter((body) => body.endsWith("From the host, edited"))).toHaveLength(1);
  await app.comments.delete(comment.id);
  await world.poll();
  expect(notes()).toHaveLength(4);
  expect(notes().join()).not.toContain("From the host");
  const quiet = gitlab.mark();
  await world.poll();
  expect(gitlab.requestsSince(quiet).filter(({ method }) => method !== "GET")).toEqual([]);
  expect([world.errors, gitlab.violations]).toEqual([[], []]);
});
