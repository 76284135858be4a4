import { describe, expect, test } from "vitest";
import {
  addGitHubSource,
  createGitHubWorld,
  type GitHubWorld,
  poll,
  provider,
  settle,
} from "../support/github-world.ts";

/** The provider, with issues that a person has hidden: their repository answers as before. */
function providerThatHides(hidden: ReadonlySet<string>, onRead: () => void, polls: boolean): typeof provider {
  const { changes, read, ...others } = provider;
  if (read === undefined || changes === undefined) throw new TypeError("GitHub can be read and polled.");
  return {
    ...others,
    ...(polls ? { changes } : {}),
    read: {
      async issues(call, request) {
        onRead();
        const outcomes = await read.issues(call, request);
        return outcomes.map((outcome, index) =>
          hidden.has(request.issues[index]?.item ?? "") ? { kind: "no-access" } : outcome,
        );
      },
    },
  };
}

async function createLinks(count: number, { polls = true } = {}) {
  const hidden = new Set<string>();
  let reads = 0;
  const onRead = () => {
    reads += 1;
  };
  const world = await createGitHubWorld({ provider: providerThatHides(hidden, onRead, polls) });
  const source = await addGitHubSource(world);
  const links: { readonly linkId: string; readonly defectId: string }[] = [];
  for (let number = 1; number <= count; number += 1) {
    const defect = await world.app.defects.create({ projectId: "web", title: `Defect ${number}` });
    const link = await world.app.defects.push(defect.id);
    links.push({ linkId: link.id, defectId: defect.id });
  }
  await poll(world, 2);
  const hide = (fewer: number) => {
    for (let item = 1; item <= fewer; item += 1) hidden.add(String(item));
  };
  const health = async () => (await world.app.sources.get(source.id)).health;
  const views = () => Promise.all(links.map(({ linkId }) => world.app.defects.link(linkId)));
  const statuses = async () => (await views()).map(({ status }) => status);
  const healthChanges = async () => {
    const { items } = await world.app.activity.list({ sourceId: source.id, limit: 100 });
    return items.filter((item) => item.type === "source-health-changed").map((item) => item.data["to"]);
  };
  return { world, source, links, hidden, hide, health, views, statuses, healthChanges, reads: () => reads };
}

const sweep = async (world: GitHubWorld) => {
  await world.time.advance(3_600_000);
  await settle(world);
};
const times = <Value>(count: number, value: Value) => Array.from({ length: count }, () => value);

describe("many issues that vanish at once", () => {
  test("degrade their source, and nothing is concluded about any of them", async () => {
    const { world, hide, health, views, statuses, healthChanges } = await createLinks(6);
    hide(6);
    await sweep(world);
    expect(await statuses()).toEqual(times(6, "retrying"));
    expect(await health()).toMatchObject({
      status: "degraded",
      reason: expect.stringMatching(/Check that its account/),
    });
    await poll(world, 100);
    for (const view of await views()) {
      expect(view).toMatchObject({ status: "retrying", issue: { state: "live" } });
      expect(view.message).toMatch(/Check that its account .* detach this link/);
    }
    expect(await healthChanges()).toEqual(["degraded"]);
  });

  test("are read on at growing intervals, and use up no attempt", async () => {
    const { world, hide, statuses, reads } = await createLinks(6);
    hide(6);
    await sweep(world);
    const before = reads();
    await poll(world, 24 * 60);
    expect(reads() - before).toBeLessThan(24 * 4 + 10);
    expect(await statuses()).toEqual(times(6, "retrying"));
  });

  test("are in step again once they can be read, with all that was edited meanwhile, and the source is well", async () => {
    const { world, links, hidden, hide, health, statuses, healthChanges } = await createLinks(6);
    hide(6);
    await sweep(world);
    await world.app.defects.update(links[0]?.defectId ?? "", { title: "Ours" });
    world.github.as("lena").editIssue("acme/web", 2, { title: "Theirs" });
    await poll(world, 3);
    expect(world.github.issue("acme/web", 1)?.title).toBe("Defect 1");
    hidden.clear();
    await poll(world, 20);
    expect(await statuses()).toEqual(times(6, "synced"));
    expect(world.github.issue("acme/web", 1)?.title).toBe("Ours");
    expect((await world.app.defects.get(links[1]?.defectId ?? "")).title).toBe("Theirs");
    expect(await health()).toMatchObject({ status: "ok", reason: null });
    expect(await healthChanges()).toEqual(["ok", "degraded"]);
  });

  test("keep single ones from being believed gone, until they are back", async () => {
    const { world, links, hidden, hide, statuses, healthChanges } = await createLinks(12);
    hide(8);
    await sweep(world);
    await world.app.defects.retry(links[0]?.linkId ?? "");
    await settle(world);
    hide(9);
    await world.app.defects.retry(links[8]?.linkId ?? "");
    await settle(world);
    expect(await statuses()).toEqual([...times(9, "retrying"), ...times(3, "synced")]);
    await poll(world, 20);
    await world.app.defects.retry(links[0]?.linkId ?? "");
    await settle(world);
    hidden.clear();
    hide(1);
    await poll(world, 40);
    expect(await statuses()).toEqual(["no-access", ...times(11, "synced")]);
    expect(await healthChanges()).toEqual(["ok", "degraded"]);
  });

  test("are not missed by reads that may lag behind our own writes", async () => {
    const { world, links, hide, health } = await createLinks(6);
    for (const { defectId } of links) await world.app.defects.update(defectId, { status: "closed" });
    await settle(world, 0);
    hide(6);
    for (const { linkId } of links) await world.app.defects.retry(linkId);
    await world.backref.sync.run({ maxMs: 0 });
    expect((await health()).status).toBe("ok");
    await settle(world);
    expect((await health()).status).toBe("degraded");
  });

  test("concern nobody any more once their links are detached", async () => {
    const { world, links, hide, health } = await createLinks(6);
    hide(6);
    await sweep(world);
    for (const { linkId } of links) await world.app.defects.detach(linkId);
    await poll(world);
    expect((await health()).status).toBe("ok");
  });

  test.each([
    ["fewer than five", 4, 6],
    ["less than half of what was read", 5, 12],
  ])("are believed gone where they are %s", async (_what, gone, count) => {
    const { world, hide, health, statuses } = await createLinks(count);
    hide(gone);
    await sweep(world);
    expect(await statuses()).toEqual([...times(gone, "no-access"), ...times(count - gone, "synced")]);
    expect((await health()).status).toBe("ok");
  });
});

describe("a source whose provider cannot poll", () => {
  test("is swept: a vanished issue is found, and one that is back is synced again", async () => {
    const { world, hidden, hide, statuses } = await createLinks(2, { polls: false });
    hide(1);
    await sweep(world);
    expect(await statuses()).toEqual(["no-access", "synced"]);
    hidden.clear();
    await sweep(world);
    expect(await statuses()).toEqual(["synced", "synced"]);
  });

  test("costs no request while nothing is due", async () => {
    const { world } = await createLinks(2, { polls: false });
    const mark = world.github.mark();
    await poll(world, 10);
    expect(world.github.requestsSince(mark)).toEqual([]);
  });

  test("degrades and recovers where many vanish", async () => {
    const { world, hidden, hide, health, statuses, healthChanges } = await createLinks(6, { polls: false });
    hide(6);
    await sweep(world);
    await poll(world, 10);
    expect((await health()).status).toBe("degraded");
    hidden.clear();
    await poll(world, 20);
    expect(await statuses()).toEqual(times(6, "synced"));
    expect(await healthChanges()).toEqual(["ok", "degraded"]);
  });

  test("is degraded by a container that does not answer, and well when it does again", async () => {
    const { world, links, health, views, statuses, healthChanges } = await createLinks(1, { polls: false });
    const fault = { kind: "status-before", status: 404, times: 1_000, match: { method: "GET" } } as const;
    world.github.as("acme").deleteIssue("acme/web", 1);
    world.github.faults.add(fault);
    await world.app.defects.retry(links[0]?.linkId ?? "");
    await poll(world, 5);
    expect(await views()).toMatchObject([
      {
        status: "no-access",
        issue: { state: "live" },
        retryAt: expect.any(Number),
        message: expect.stringContaining("does not reach acme/web"),
      },
    ]);
    expect((await health()).status).toBe("degraded");
    world.github.faults.clear();
    await poll(world, 20);
    expect((await statuses())[0]).toMatch(/no-access|remote-deleted/);
    expect((await health()).status).toBe("ok");
    expect(await healthChanges()).toEqual(["ok", "degraded"]);
  });

  test("stays as its test found it until it is tested again", async () => {
    const { world, source, health } = await createLinks(1, { polls: false });
    await world.app.sources.update(source.id, { targets: { upsert: [{ projectId: "api", container: "acme/lost" }] } });
    await world.app.sources.test(source.id);
    await poll(world, 3);
    expect((await health()).status).toBe("degraded");
    await world.app.sources.update(source.id, { targets: { delete: ["api"] } });
    await world.app.sources.test(source.id);
    expect((await health()).status).toBe("ok");
  });
});
