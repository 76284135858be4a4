import type { Storage } from "@backref/core/storage";
import { createMemoryStorage } from "@backref/storage-memory";
import { createVirtualTime } from "@backref/testing";
import { describe, expect, test } from "vitest";
import { createDoom } from "../support/doom.ts";
import { createFiling, createHostFiles, openerOf, withFiling } from "../support/filing-tracker.ts";
import { addGitHubSource, createGitHubWorld, settle } from "../support/github-world.ts";

const files = ["a log", "a picture"].map((text, index) => ({
  reference: `file-${index}`,
  fileName: `file-${index}.txt`,
  sizeBytes: text.length,
}));

interface Ending {
  /** How many times storage and tracker were called before the process died. */
  readonly steps: number;
  readonly sent: readonly string[];
  readonly statuses: readonly (string | undefined)[];
  readonly errors: readonly string[];
}

async function pushWithDeath(dieAt: number, when: "before" | "after", canList: boolean): Promise<Ending> {
  const time = createVirtualTime();
  const storage = createMemoryStorage({ clock: time.clock });
  const filing = createFiling();
  const host = createHostFiles({ "file-0": "a log", "file-1": "a picture" });
  const doom = createDoom(dieAt);
  const provider = withFiling(filing, time.now, canList);
  const { attachments } = provider;
  const common = { time, attachments: openerOf(host) };
  const before = await createGitHubWorld({ ...common, storage, provider, seed: 1 });
  const { github } = before;
  await addGitHubSource(before);
  const defect = await before.app.defects.create({ projectId: "web", title: "Once" });
  await before.app.defects.push(defect.id);

  const dying = await createGitHubWorld({
    ...common,
    github,
    seed: 2,
    provider: {
      ...provider,
      ...(attachments === undefined
        ? {}
        : {
            attachments: {
              ...attachments,
              upload: (...given) => doom.passes(() => attachments.upload(...given), when),
            },
          }),
    },
    storage: doom.storage(storage, when) as Storage,
    fetch: doom.fetch(github.fetch, when),
  });
  void dying.app.defects.push(defect.id, { attachments: files, waitMs: 0 }).catch(() => {});
  for (let turn = 0; turn < 60; turn += 1) await time.advance(0);

  const survivor = await createGitHubWorld({ ...common, storage, github, provider, seed: 3 });
  for (let minute = 0; minute < 13; minute += 1) {
    await time.advance(61_000);
    await settle(survivor, 30_000);
  }
  // A death before the wish was stored leaves nothing behind; whoever pushed pushes again.
  await survivor.app.defects.push(defect.id, { attachments: files, waitMs: 10 });
  await settle(survivor, 30_000);
  const link = (await survivor.app.defects.links(defect.id))[0];
  return {
    steps: doom.count,
    // One in doubt holds up no other.
    sent: filing.files.map(({ content }) => content).sort(),
    statuses: [link?.status, ...(link?.attachments ?? []).map(({ status }) => status)],
    errors: survivor.errors,
  };
}

describe.each(["before", "after"] as const)("a process that dies %s any step of sending files", (when) => {
  test("leaves each of them at the issue, once", async () => {
    for (let dieAt = 1; ; dieAt += 1) {
      const { steps, ...end } = await pushWithDeath(dieAt, when, true);
      expect(end, `step ${dieAt}`).toEqual({
        sent: ["a log", "a picture"],
        statuses: ["synced", "sent", "sent"],
        errors: [],
      });
      if (steps < dieAt) {
        expect(dieAt).toBeGreaterThan(10);
        return;
      }
    }
  }, 120_000);

  test("sends none twice where the tracker lists no files; what is not known is told", async () => {
    let untold = 0;
    for (let dieAt = 1; ; dieAt += 1) {
      const { steps, sent, statuses } = await pushWithDeath(dieAt, when, false);
      expect(new Set(sent).size, `step ${dieAt}`).toBe(sent.length);
      const [status, ...each] = statuses;
      expect(status, `step ${dieAt}`).toBe(each.includes("refused") ? "partial" : "synced");
      if (sent.length < 2 && !each.includes("refused")) untold += 1;
      if (steps < dieAt) break;
    }
    expect(untold).toBe(0);
  }, 120_000);
});
