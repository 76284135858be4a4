import { createVirtualTime, type VirtualTime } from "@backref/testing";
import { createFakeGitHub } from "@backref/testing/github";
import { describe, expect, test } from "vitest";
import { addGitHubSource, createGitHubWorld, poll, provider } from "../support/github-world.ts";

const hourMs = 3_600_000;

const readIssues: NonNullable<typeof provider.read>["issues"] = (call, request) => {
  if (provider.read === undefined) throw new TypeError("GitHub can be read.");
  return provider.read.issues(call, request);
};

/** A host whose wall clock somebody sets, while time goes on at the tracker. */
async function linked() {
  const real = createVirtualTime();
  let offsetMs = 0;
  const now = () => real.now() + offsetMs;
  const time: VirtualTime = {
    clock: { now, monotonic: () => real.clock.monotonic() },
    scheduler: real.scheduler,
    now,
    advance: (durationMs) => real.advance(durationMs),
    during: (work) => real.during(work),
    get sleeping() {
      return real.sleeping;
    },
  };
  const github = createFakeGitHub({
    repositories: ["acme/web"],
    now: real.now,
    delay: (ms) => real.scheduler.sleep(ms),
    webhooks: "manual",
  });
  let isHidden = false;
  let reads = 0;
  const hiding: typeof provider = {
    ...provider,
    read: {
      async issues(call, request) {
        reads += 1;
        return isHidden ? request.issues.map(() => ({ kind: "no-access" })) : readIssues(call, request);
      },
    },
  };
  const world = await createGitHubWorld({ time, github, provider: hiding });
  await addGitHubSource(world);
  const { id } = await world.app.defects.create({ projectId: "web", title: "Total is wrong" });
  await world.app.defects.push(id);
  await poll(world);
  const jump = (byMs: number) => {
    offsetMs += byMs;
  };
  const hide = () => {
    isHidden = true;
    reads = 0;
  };
  return { world, github, id, jump, hide, reads: () => reads };
}

describe.each([
  ["back by an hour", -hourMs],
  ["back by ten seconds", -10_000],
  ["forward by an hour", hourMs],
  ["forward by a month", 31 * 24 * hourMs],
])("the host's clock is set %s", (_, byMs) => {
  test("edits of both sides arrive, each once", async () => {
    const { world, github, id, jump } = await linked();
    jump(byMs);
    await world.app.defects.update(id, { title: "Total is wrong with a voucher" });
    github.as("lena").comment("acme/web", 1, "Seen on 1.4, too");
    github.as("lena").closeIssue("acme/web", 1);
    // What is due by the former clock is due again as soon as the clock has come there.
    await world.time.advance(Math.max(0, -byMs));
    await poll(world, 2);
    expect(github.issue("acme/web", 1)).toMatchObject({ title: "Total is wrong with a voucher", state: "closed" });
    expect((await world.app.defects.get(id)).status).toBe("closed");
    const { items } = await world.app.comments.list({ defectId: id });
    expect(items.map(({ body }) => body)).toEqual(["Seen on 1.4, too"]);
    const mark = github.mark();
    await poll(world);
    expect(github.requestsSince(mark).filter(({ method }) => method !== "GET")).toEqual([]);
    expect(world.errors).toEqual([]);
  });

  test("a push is made once", async () => {
    const { world, github, jump } = await linked();
    const { id } = await world.app.defects.create({ projectId: "web", title: "Menu overlaps" });
    github.faults.add({ kind: "lost-after", match: { method: "POST", operation: "/repos/{owner}/{repo}/issues" } });
    const link = await world.app.defects.push(id, { waitMs: 0 });
    await world.backref.sync.run({ maxMs: 0 });
    jump(byMs);
    await world.time.advance(Math.max(0, -byMs));
    await poll(world, 3);
    expect(github.issues("acme/web").map(({ title }) => title)).toEqual(["Total is wrong", "Menu overlaps"]);
    expect(await world.app.defects.link(link.id)).toMatchObject({ status: "synced" });
  });

  test("an issue that is gone is missed, without asking for it every second", async () => {
    const { world, id, jump, hide, reads } = await linked();
    const [link] = await world.app.defects.links(id);
    jump(byMs);
    hide();
    await world.time.advance(5_000);
    await world.app.defects.retry(link?.id ?? "");
    await poll(world, 3);
    expect(await world.app.defects.link(link?.id ?? "")).toMatchObject({ status: "no-access" });
    expect(reads()).toBeLessThan(30);
  });
});
