import { expect, test } from "vitest";
import { createWorld } from "./world.ts";

const content = "what the run left behind\u0000\u00ff";
const file = {
  reference: "R-1",
  fileName: "trace.txt",
  contentType: "text/plain",
  sizeBytes: new TextEncoder().encode(content).byteLength,
};

async function pushWithFile(prepare: (world: Awaited<ReturnType<typeof createWorld>>) => void = () => {}) {
  const world = await createWorld({}, { files: { "R-1": content } });
  prepare(world);
  const defect = await world.app.defects.create({ projectId: "web", title: "Total is wrong" });
  await world.app.defects.push(defect.id, { attachments: [file] });
  await world.settle();
  const state = async () => (await world.app.defects.links(defect.id))[0]?.attachments;
  return { ...world, state };
}

test("a file of a push is in Linear's storage, with an attachment that leads there", async () => {
  const { linear, state, errors, operationsSince } = await pushWithFile();
  const [found, ...others] = linear.files("ENG-1");
  expect(others).toEqual([]);
  expect(found).toMatchObject({ fileName: "trace.txt", contentType: "text/plain" });
  expect(new TextDecoder().decode(found?.content)).toBe(content);
  expect(await state()).toMatchObject([
    { status: "sent", url: expect.stringContaining("https://uploads.linear.app/") },
  ]);
  expect(operationsSince(0).filter((name) => /mutation|put/.test(name))).toEqual([
    ...["mutation issueCreate", "mutation fileUpload", "put file", "mutation attachmentCreate"],
  ]);
  expect([errors, linear.violations]).toEqual([[], []]);
});

test("a file whose last answer was lost is found and not sent again", async () => {
  const { linear, state, poll } = await pushWithFile(({ linear: { faults } }) =>
    faults.add({ kind: "lost-after", match: { operation: "mutation attachmentCreate" } }),
  );
  await poll();
  expect(linear.files("ENG-1")).toHaveLength(1);
  expect(await state()).toMatchObject([{ status: "sent" }]);
});

test("a file that the storage refuses is told, and the source stays in order", async () => {
  const { linear, state, app, source } = await pushWithFile(({ linear: { faults } }) =>
    faults.add({ kind: "status-before", status: 401, match: { operation: "put file" } }),
  );
  expect(linear.files("ENG-1")).toEqual([]);
  expect(JSON.stringify(await state())).toContain("file storage answered 401");
  expect((await app.sources.test(source.id)).problems).toEqual([]);
  await app.defects.create({ projectId: "web", title: "The next one" }).then(({ id }) => app.defects.push(id));
  expect(linear.issue("ENG-2")?.title).toBe("The next one");
});
