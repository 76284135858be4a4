import { describe, expect, test } from "vitest";
import { fileNote, readFileNote } from "../src/file-note.ts";
import { createWorld, project } from "./world.ts";

const content = "what the run left behind\u0000\u00ff";
const file = {
  reference: "R-1",
  fileName: "trace of @max #1.txt",
  contentType: "text/plain",
  sizeBytes: new TextEncoder().encode(content).byteLength,
};
const key = `${project}#1`;
const uploads = "/projects/{id}/uploads";
const notes = "/projects/{id}/issues/{noteable_id}/notes";

async function pushWithFile(prepare: (world: Awaited<ReturnType<typeof createWorld>>) => void = () => {}) {
  const world = await createWorld({}, { files: { "R-1": content } });
  prepare(world);
  const defect = await world.app.defects.create({ projectId: "web", title: "Total is wrong" });
  await world.time.during(world.app.defects.push(defect.id, { attachments: [file] }));
  await world.settle();
  const state = async () => (await world.app.defects.links(defect.id))[0]?.attachments;
  const comments = async () => (await world.app.comments.list({ defectId: defect.id })).items;
  return { ...world, state, comments };
}

describe("a file of a push", () => {
  test("is in the project, with a note at the issue that is no comment", async () => {
    const { gitlab, state, comments, poll, errors, operationsSince } = await pushWithFile();
    const [found, ...others] = gitlab.files(key);
    expect(others).toEqual([]);
    expect(found).toMatchObject({ fileName: file.fileName, contentType: "text/plain" });
    expect(new TextDecoder().decode(found?.content)).toBe(content);
    const url = `https://gitlab.com/${project}/-/issues/1#note_${found?.id}`;
    expect(await state()).toMatchObject([{ status: "sent", url }]);
    expect(operationsSince(0).filter((name) => /^POST (?!.*labels)/.test(name))).toEqual([
      ...[`POST /projects/{id}/issues`, `POST ${uploads}`, `POST ${notes}`],
    ]);
    expect(gitlab.notifications).toEqual([]);
    await poll();
    expect(await comments()).toEqual([]);
    gitlab.as("lena").note(key, "Looking at it");
    await poll();
    expect((await comments()).map(({ body }) => body)).toEqual(["Looking at it"]);
    const quiet = gitlab.mark();
    await poll();
    expect(operationsSince(quiet)).toEqual(["GET /projects/{id}/issues"]);
    expect([errors, gitlab.violations]).toEqual([[], []]);
  });

  test.each([uploads, notes])("whose answer at %s was lost is shown once", async (operation) => {
    const { gitlab, state, time, settle } = await pushWithFile(({ gitlab: { faults } }) =>
      faults.add({ kind: "lost-after", match: { method: "POST", operation } }),
    );
    for (let minutes = 0; minutes < 30; minutes += 5) {
      await time.advance(300_000);
      await settle();
    }
    expect(gitlab.files(key)).toHaveLength(1);
    expect(await state()).toMatchObject([{ status: "sent" }]);
  });

  test("that GitLab refuses is told, and the source stays in order", async () => {
    const { gitlab, state, app, source } = await pushWithFile(({ gitlab: { faults } }) =>
      faults.add({ kind: "status-before", status: 413, match: { operation: uploads } }),
    );
    expect(gitlab.files(key)).toEqual([]);
    expect(JSON.stringify(await state())).toContain("larger than this GitLab takes");
    expect((await app.sources.test(source.id)).problems).toEqual([]);
  });
});

describe("the note of a file", () => {
  const url = "/uploads/0123456789abcdef0123456789abcdef/Shot_1.png";

  test.each(["Shot 1.png", "--> a `b` 100% -- ü – 画面.txt", "@all #1 [x](y)"])(
    "names %j as it was given",
    (fileName) => {
      const noted = { fileName, sizeBytes: 12 };
      expect(readFileNote(fileNote(noted, url))).toEqual(noted);
      expect(readFileNote(`${fileNote(noted, url)}\n`)).toEqual(noted);
    },
  );

  test("shows a picture, and stays one where GitLab writes its links anew", () => {
    const text = fileNote({ fileName: "Shot 1.png", sizeBytes: 12 }, url);
    expect(text).toMatch(/^!\[Shot_1\.png\]\(\/uploads\/\w+\/Shot_1\.png\)\n\n\[`Shot 1\.png`\]\(/);
    const moved = text
      .replaceAll("0123456789abcdef0123456789abcdef", "f".repeat(32))
      .replace("[`Shot 1.png`]", "![Shot_1]");
    expect(readFileNote(moved)?.fileName).toBe("Shot 1.png");
  });

  test("is a comment once somebody writes something to it, or where the marker is not ours", () => {
    const text = fileNote({ fileName: "a.txt", sizeBytes: 1 }, url);
    for (const body of [
      `Look:\n\n${text}`,
      `${text}\nLook`,
      text.replace("a.txt 1", "%E0%A4 1"),
      "Look",
      "![a](/uploads/1/a)",
    ]) {
      expect(readFileNote(body)).toBeNull();
    }
  });
});
