import { describe, expect, test } from "vitest";
import { createWorld } from "./world.ts";

const file = { reference: "R-1", fileName: "trace.txt", contentType: "text/plain", sizeBytes: 4 };

async function createDoubt() {
  const world = await createWorld({ maxAttempts: 20 }, { files: { "R-1": "text" } });
  const defect = await world.app.defects.create({ projectId: "web", title: "Total is wrong", description: "Steps" });
  /** Until long after the last retry that is due. */
  const calm = async () => {
    for (let minute = 0; minute < 10; minute += 1) await world.poll();
  };
  const statusOf = async () => (await world.app.defects.links(defect.id))[0]?.status;
  const lose = (operation: string, times: number) =>
    world.linear.faults.add({ kind: "lost-after", times, match: { operation } });
  /** Whose answer was lost is not found at once. */
  const missFirstLook = () =>
    world.linear.faults.add({ kind: "status-before", status: 500, match: { operation: "query issue" } });
  return { ...world, defect, calm, statusOf, lose, missFirstLook };
}

describe("what is made once, though the answer was dropped twice", () => {
  test("the issue", async () => {
    const { app, linear, defect, calm, statusOf, lose, missFirstLook, operationsSince, errors } = await createDoubt();
    lose("mutation issueCreate", 2);
    missFirstLook();
    const link = await app.defects.push(defect.id, { waitMs: 0 });
    expect(link.status).not.toBe("synced");
    await calm();
    expect(linear.issues("ENG").map(({ title }) => title)).toEqual(["Total is wrong"]);
    expect(operationsSince(0).filter((name) => name === "mutation issueCreate").length).toBeGreaterThanOrEqual(2);
    expect([await statusOf(), errors, linear.violations]).toEqual(["synced", [], []]);
  });

  test("a comment", async () => {
    const { app, linear, defect, calm, statusOf, lose, operationsSince, errors } = await createDoubt();
    await app.defects.push(defect.id);
    lose("mutation commentCreate", 2);
    await app.comments.add({ defectId: defect.id, body: "Seen again" });
    await calm();
    expect(linear.issue("ENG-1")?.comments.map(({ body }) => body)).toEqual([expect.stringContaining("Seen again")]);
    expect((await app.comments.list({ defectId: defect.id })).items).toHaveLength(1);
    expect(operationsSince(0)).toContain("mutation commentCreate");
    expect([await statusOf(), errors, linear.violations]).toEqual(["synced", [], []]);
  });

  test("a file's attachment", async () => {
    const { app, linear, defect, calm, statusOf, lose, errors } = await createDoubt();
    lose("mutation attachmentCreate", 2);
    await app.defects.push(defect.id, { attachments: [file] });
    await calm();
    expect(linear.files("ENG-1").map(({ fileName }) => fileName)).toEqual(["trace.txt"]);
    const [link] = await app.defects.links(defect.id);
    expect(link?.attachments).toMatchObject([{ status: "sent" }]);
    expect([await statusOf(), errors, linear.violations]).toEqual(["synced", [], []]);
  });
});

test("a rate limit ends no doubt about the attempt before it: what that has sent is nobody's edit", async () => {
  const { app, linear, defect, calm, statusOf, lose, missFirstLook } = await createDoubt();
  lose("mutation issueCreate", 1);
  missFirstLook();
  linear.faults.add({
    kind: "rate-limit-primary",
    resetSeconds: 90,
    match: { operation: "mutation issueCreate", nth: 2 },
  });
  await app.defects.push(defect.id, { waitMs: 0 });
  await app.defects.update(defect.id, { description: "Steps, and what was expected" });
  await calm();
  expect(await app.defects.get(defect.id)).toMatchObject({ description: "Steps, and what was expected" });
  expect(linear.issue("ENG-1")?.description).toMatch(/^Steps, and what was expected\n/);
  expect([await statusOf(), linear.issues("ENG").length]).toEqual(["synced", 1]);
});

describe("comments, which Linear does not count", () => {
  test("that were deleted without a delivery are found missing by the sweep", async () => {
    const { app, linear, defect, settle, time } = await createDoubt();
    await app.defects.push(defect.id);
    const lena = linear.as("lena");
    const commentId = lena.comment("ENG-1", "Looking at it");
    for (const afterMs of [61_000, 3_700_000]) {
      await time.advance(afterMs);
      await settle();
    }
    const bodies = async () => (await app.comments.list({ defectId: defect.id })).items.map(({ body }) => body);
    expect(await bodies()).toEqual(["Looking at it"]);
    lena.deleteComment(commentId);
    for (const afterMs of [3_700_000, 61_000, 61_000]) {
      await time.advance(afterMs);
      await settle();
    }
    expect(await bodies()).toEqual([]);
  });

  test.each([true, false])(
    "that were written before anybody knew whose the issue is come in: told %s",
    async (isTold) => {
      const { app, linear, defect, settle, time, lose, missFirstLook, endpoint, source } = await createDoubt();
      const { secret } = await app.sources.webhook(source.id);
      if (isTold) linear.addWebhook({ url: `https://host.example/hooks/${endpoint}`, secret });
      // Without polls.
      linear.faults.add({ kind: "status-before", status: 500, times: 1_000, match: { operation: "query changes" } });
      lose("mutation issueCreate", 1);
      missFirstLook();
      linear.faults.add({
        ...{ kind: "rate-limit-primary", resetSeconds: 90 },
        match: { operation: "mutation issueCreate", nth: 2 },
      });
      await app.defects.push(defect.id, { waitMs: 0 });
      await settle().catch(() => {});
      expect(linear.issues("ENG")).toHaveLength(1);
      linear.as("lena").comment("ENG-1", "Looking at it");
      await linear.settle();
      for (let minute = 0; minute < 5; minute += 1) {
        await time.advance(61_000);
        await settle().catch(() => {});
      }
      expect((await app.comments.list({ defectId: defect.id })).items.map(({ body }) => body)).toEqual([
        "Looking at it",
      ]);
    },
  );
});
