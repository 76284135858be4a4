import type { Storage } from "@backref/core/storage";
import { createMemoryStorage } from "@backref/storage-memory";
import { createVirtualTime } from "@backref/testing";
import { describe, expect, test } from "vitest";
import { createDice } from "../support/dice.ts";
import { addGitHubSource, createGitHubWorld, type GitHubWorld } from "../support/github-world.ts";

/** Replay one seed: `BACKREF_SEED=17 pnpm exec vitest run … random-history`; more of them: `BACKREF_SEEDS=500`. */
const only = process.env["BACKREF_SEED"];
const more = process.env["BACKREF_SEEDS"];
const seedsOf = (count: number) =>
  only === undefined ? Array.from({ length: Number(more ?? count) }, (_, at) => at + 1) : [Number(only)];

const repository = "acme/web";
const never = new Promise<never>(() => {});
const priorities = { blocker: "critical", critical: "high", major: "medium", minor: "low", trivial: "low" } as const;
const isClosed = (status: string) => status === "closed" || status === "achieved";

/** What users did and what the engine was seen to do, for one defect. */
interface Tale {
  readonly id: string;
  issue: number | null;
  lastLocal: string;
  lastRemote: string | null;
  lastLocalStatus: string;
  lastRemoteState: string | null;
  readonly foreign: Set<string>;
}

interface Profile {
  /** Requests that are applied late, or slowly: without compare-and-set these may overwrite what nobody has read. */
  readonly slow: boolean;
  readonly comments: boolean;
}

/** One process: everything it awaits never comes back once it is dead. */
function createMortal(storage: Storage, fetch: typeof globalThis.fetch, now: () => number, onSpin: () => void) {
  let dead = false;
  let claimedAt = 0;
  let claims = 0;
  const spins = () => {
    claims = claimedAt === now() ? claims + 1 : 0;
    claimedAt = now();
    if (claims !== 300) return;
    dead = true;
    onSpin();
  };
  const passes = async <Result>(task: () => Promise<Result>): Promise<Result> => {
    if (dead) return never;
    const result = await task();
    return dead ? never : result;
  };
  const { system } = storage;
  const mortal: Storage = {
    ...storage,
    find: (scope, query) => passes(() => storage.find(scope, query)),
    commit: (scope, units) => passes(() => storage.commit(scope, units)),
    system: {
      ...system,
      claim(request) {
        spins();
        return passes(() => system.claim(request));
      },
      nextDueInMs: (table) => passes(() => system.nextDueInMs(table)),
    },
  };
  return {
    storage: mortal,
    fetch: ((input, init) => passes(() => fetch(input, init))) as typeof globalThis.fetch,
    die() {
      dead = true;
    },
  };
}

async function runHistory(seed: number, profile: Profile): Promise<readonly string[]> {
  const dice = createDice(seed);
  const time = createVirtualTime();
  const inner = createMemoryStorage({ clock: time.clock });
  const broken: string[] = [];
  const localEver = new Set<string>();
  const sentEver = new Set<string>();
  const storage: Storage = {
    ...inner,
    commit(scope, units) {
      for (const unit of units) {
        for (const write of unit.write) {
          if (write.type === "update" && write.table === "defect" && write.set.title) localEver.add(write.set.title);
        }
      }
      return inner.commit(scope, units);
    },
  };
  const fetch: typeof globalThis.fetch = (input, init) => {
    const title = typeof init?.body === "string" ? /"title":"([^"]*)"/.exec(init.body)?.[1] : undefined;
    if (title !== undefined) sentEver.add(title);
    return host.github.fetch(input, init);
  };
  const host = await createGitHubWorld({ time, storage, seed, fetch });
  const { github, app } = host;
  const source = await addGitHubSource(host);
  await app.sources.registerWebhooks(source.id, { url: "https://host.example.com/hook" });
  const { endpoint } = await app.sources.webhook(source.id);

  let born = 0;
  const spawn = async () => {
    born += 1;
    const mortal = createMortal(storage, fetch, time.now, () => {
      broken.push(
        `I7 a worker spins: ${github.requests
          .slice(-3)
          .map((entry) => `${entry.method} ${entry.path}`)
          .join(", ")}`,
      );
    });
    const world = await createGitHubWorld({ time, github, seed: seed * 100 + born, ...mortal });
    let isRunning = false;
    return {
      world,
      die: mortal.die,
      work() {
        if (isRunning) return;
        isRunning = true;
        void world.backref.sync
          .run({ maxMs: 2_000 })
          .catch((error: unknown) => broken.push(`a pass threw ${String(error)}`))
          .finally(() => {
            isRunning = false;
          });
      },
    };
  };
  const workers = [await spawn(), await spawn(), await spawn()];

  const tales: Tale[] = [];
  let counter = 0;
  const fresh = (side: "L" | "R") => {
    counter += 1;
    return `${side}${counter}`;
  };
  for (let at = 0; at < 2; at += 1) {
    const title = fresh("L");
    const { id } = await app.defects.create({ projectId: "web", title, description: `About ${title}` });
    tales.push({
      id,
      issue: null,
      lastLocal: title,
      lastRemote: null,
      lastLocalStatus: "open",
      lastRemoteState: null,
      foreign: new Set(),
    });
  }

  const findIssues = () => {
    for (const tale of tales) {
      if (tale.issue !== null) continue;
      tale.issue = github.issues(repository).find((issue) => issue.body?.includes(tale.id))?.number ?? null;
    }
  };

  const editLocally = async (tale: Tale) => {
    switch (dice.below(4)) {
      case 0:
        tale.lastLocal = fresh("L");
        return app.defects.update(tale.id, { title: tale.lastLocal });
      case 1:
        tale.lastLocalStatus = dice.pick(["open", "in-progress", "closed", "achieved"]);
        return app.defects.update(tale.id, { status: tale.lastLocalStatus as "open" });
      case 2:
        return app.defects.update(tale.id, { priority: dice.pick(["blocker", "critical", "major", "trivial"]) });
      default:
        return app.defects.update(tale.id, { description: `Text ${fresh("L")}` });
    }
  };

  const editRemotely = (tale: Tale) => {
    if (tale.issue === null) return;
    const lena = github.as("lena");
    switch (dice.below(4)) {
      case 0:
        tale.lastRemote = fresh("R");
        lena.editIssue(repository, tale.issue, { title: tale.lastRemote });
        break;
      case 1:
        if (github.issue(repository, tale.issue)?.state === "open") {
          lena.closeIssue(repository, tale.issue);
          tale.lastRemoteState = "closed";
        } else {
          lena.reopenIssue(repository, tale.issue);
          tale.lastRemoteState = "open";
        }
        break;
      case 2: {
        const name = `area/${fresh("R")}`;
        tale.foreign.add(name);
        lena.addLabel(repository, tale.issue, name);
        break;
      }
      default: {
        const body = github.issue(repository, tale.issue)?.body ?? "";
        lena.editIssue(repository, tale.issue, { body: `Note ${fresh("R")}\n\n${body}` });
      }
    }
  };

  const comment = async (tale: Tale) => {
    if (tale.issue !== null && dice.chance(0.4)) {
      github.as("lena").comment(repository, tale.issue, `Remote ${fresh("R")}`);
      return;
    }
    const { items } = await app.comments.list({ defectId: tale.id });
    const own = items.filter((item) => item.origin === "host");
    if (own.length > 0 && dice.chance(0.5)) {
      const chosen = dice.pick(own);
      if (dice.chance(0.3)) await app.comments.delete(chosen.id);
      else await app.comments.update(chosen.id, { body: `Host ${fresh("L")}` });
    } else await app.comments.add({ defectId: tale.id, body: `Host ${fresh("L")}` });
  };

  const hinder = () => {
    const method = dice.pick(["POST", "PATCH", undefined]);
    const match = method === undefined ? {} : { match: { method } };
    const kinds = [
      { kind: "lost-before" },
      { kind: "lost-after" },
      { kind: "status-before", status: 503 },
      { kind: "status-after", status: 502 },
      { kind: "stale", ms: 1 + dice.below(10_000) },
      { kind: "rate-limit-secondary", retryAfterSeconds: 5 },
      ...(profile.slow
        ? [{ kind: "late", ms: dice.below(60_000) } as const, { kind: "delay", ms: dice.below(9_000) } as const]
        : []),
    ] as const;
    github.faults.add({ ...dice.pick(kinds), ...match });
  };

  const deliver = async () => {
    if (github.webhooks.pending.length === 0) return;
    const delivery = github.webhooks.drop(dice.below(github.webhooks.pending.length));
    if (dice.chance(0.2)) return;
    for (let times = dice.chance(0.2) ? 2 : 1; times > 0; times -= 1) {
      const request = new Request(delivery.url, { method: "POST", headers: delivery.headers, body: delivery.body });
      await host.backref.webhooks.handle(request, { endpoint });
    }
  };

  // No push waits here: each records its wish, and the workers do the rest.
  for (const tale of tales) {
    const pushing = app.defects.push(tale.id, { waitMs: 0 });
    await time.advance(1);
    await pushing;
  }
  for (let step = 0; step < 50; step += 1) {
    findIssues();
    const tale = dice.pick(tales);
    const action = dice.below(10);
    if (action < 2) await editLocally(tale);
    else if (action < 4) editRemotely(tale);
    else if (action === 4 && profile.comments) await comment(tale);
    else if (action === 5) hinder();
    else if (action === 6) await deliver();
    else dice.pick(workers).work();
    if (dice.chance(0.05)) {
      const at = dice.below(workers.length);
      workers[at]?.die();
      workers[at] = await spawn();
    }
    await time.advance(dice.pick([0, 1, 50, 400, 1_000, 3_000, 20_000]));
  }

  // Quiet: the network works, late requests arrive, one worker goes on, beyond every lease and grace period.
  github.faults.clear();
  for (const worker of workers) worker.die();
  const last = await spawn();
  for (let minute = 0; minute < 14; minute += 1) {
    await time.advance(61_000);
    for (let pass = 0; pass < 12; pass += 1) {
      last.work();
      await time.advance(1_500);
    }
  }
  findIssues();

  const quiet = github.mark();
  await time.advance(61_000);
  last.work();
  await time.advance(5_000);
  const writes = github.requestsSince(quiet).filter((entry) => entry.method !== "GET" && entry.operation !== "graphql");
  if (writes.length > 0) broken.push(`I1 a quiet pass wrote: ${writes.map((entry) => entry.path).join(" ")}`);
  if (last.world.errors.length > 0) broken.push(`errors: ${last.world.errors.join(" ")}`);
  if (github.violations.length > 0) broken.push(`contract: ${github.violations.join(" ")}`);

  for (const tale of tales) await checkTale(host, tale, { broken, sentEver, localEver, profile });
  return broken;
}

async function checkTale(
  { app, github }: GitHubWorld,
  tale: Tale,
  seen: {
    readonly broken: string[];
    readonly sentEver: ReadonlySet<string>;
    readonly localEver: ReadonlySet<string>;
    readonly profile: Profile;
  },
): Promise<void> {
  const { broken, sentEver, localEver, profile } = seen;
  const defect = await app.defects.get(tale.id);
  const issues = github.issues(repository).filter((issue) => issue.body?.includes(tale.id));
  const [link] = await app.defects.links(tale.id);
  const [issue] = issues;
  if (issues.length !== 1 || issue === undefined || link === undefined) {
    broken.push(`I2 ${issues.length} issues, link ${link?.status}`);
    return;
  }
  const conflicts = (await app.activity.list({ linkId: link.id, limit: 100 })).items.filter(
    (item) => item.type === "conflict-recorded",
  );
  const lostIn = (value: string) => conflicts.some((item) => [item.data["local"], item.data["remote"]].includes(value));
  if (link.status !== "synced") broken.push(`I1 status ${link.status}: ${link.message}`);
  if (defect.title !== issue.title) broken.push(`I1/I6 title ${defect.title} ≠ ${issue.title}`);
  if (isClosed(defect.status) !== (issue.state === "closed"))
    broken.push(`I1/I6 status ${defect.status} ≠ ${issue.state}`);
  const body = (issue.body ?? "").replace(/<!-- backref:[\s\S]*?<!-- \/backref:[^>]*-->/g, "").trim();
  if (defect.description.trim() !== body)
    broken.push(`I1/I6 description ${JSON.stringify([defect.description, body])}`);
  const owned = issue.labels.filter((name) => name.startsWith("priority:"));
  const wanted = defect.priority === null ? [] : [`priority:${priorities[defect.priority as keyof typeof priorities]}`];
  if (owned.join() !== wanted.join()) broken.push(`I1/I6 priority ${defect.priority} ≠ ${owned.join()}`);
  for (const name of tale.foreign) if (!issue.labels.includes(name)) broken.push(`foreign label ${name} was lost`);

  if (![tale.lastLocal, tale.lastRemote].includes(defect.title)) {
    broken.push(`I4 title ${defect.title} is neither ${tale.lastLocal} nor ${tale.lastRemote}`);
  }
  const remoteWord = tale.lastRemoteState === null ? null : tale.lastRemoteState === "closed" ? "closed" : "open";
  if (![tale.lastLocalStatus, remoteWord].includes(defect.status)) {
    broken.push(`I4 status ${defect.status} is neither ${tale.lastLocalStatus} nor ${remoteWord}`);
  }
  if (!sentEver.has(tale.lastLocal) && !lostIn(tale.lastLocal)) broken.push(`I3 local ${tale.lastLocal} vanished`);
  const { lastRemote } = tale;
  if (!profile.slow && lastRemote !== null && !localEver.has(lastRemote) && !lostIn(lastRemote)) {
    broken.push(`I3 remote ${lastRemote} vanished`);
  }

  if (!profile.comments) return;
  const local = (await app.comments.list({ defectId: tale.id, limit: 100 })).items.map((item) => item.body);
  const remote = issue.comments.map(({ body: text }) =>
    text.replace(/<!-- backref:[\s\S]*?<!-- \/backref:[^>]*-->/g, "").trim(),
  );
  if (local.toSorted().join("|") !== remote.toSorted().join("|")) {
    broken.push(`comments ${local.toSorted().join("|")} ≠ ${remote.toSorted().join("|")}`);
  }
}

describe("random histories of edits, faults and deaths end in step", () => {
  test.each([
    ["fields, quick tracker", { slow: false, comments: false }, 30],
    ["fields, slow and late tracker", { slow: true, comments: false }, 30],
    ["comments, quick tracker", { slow: false, comments: true }, 15],
  ] as const)("%s", { timeout: 600_000 }, async (_name, profile, count) => {
    const failures: Record<string, readonly string[]> = {};
    for (const seed of seedsOf(count)) {
      const broken = await runHistory(seed, profile);
      if (broken.length > 0) failures[`seed ${seed}`] = broken;
    }
    expect(failures).toEqual({});
  });
});

/** One defect in two repositories: titles and states edited on all three sides, with deaths and lost answers. */
async function runTwins(seed: number): Promise<readonly string[]> {
  const dice = createDice(seed);
  const time = createVirtualTime();
  const storage = createMemoryStorage({ clock: time.clock });
  const host = await createGitHubWorld({ time, storage, seed, repositories: ["acme/web", "acme/api"] });
  const { github, app } = host;
  const broken: string[] = [];
  let born = 0;
  const spawn = async () => {
    born += 1;
    const mortal = createMortal(storage, github.fetch, time.now, () => broken.push("I7 a worker spins"));
    const world = await createGitHubWorld({ time, github, seed: seed * 100 + born, ...mortal });
    return { world, die: mortal.die, work: () => void world.backref.sync.run({ maxMs: 2_000 }) };
  };
  const places = ["acme/web", "acme/api"] as const;
  const defect = await app.defects.create({ projectId: "web", title: "T0" });
  for (const place of places) {
    const source = await addGitHubSource(host, place);
    await app.defects.push(defect.id, { sourceId: source.id });
  }
  const workers = [await spawn(), await spawn()];
  const titles = new Set<string>(["T0"]);
  for (let step = 0; step < 40; step += 1) {
    const action = dice.below(8);
    const place = dice.pick(places);
    const title = `T${step + 1}`;
    if (action === 0) {
      titles.add(title);
      await app.defects.update(defect.id, { title });
    } else if (action === 1) {
      titles.add(title);
      github.as("lena").editIssue(place, 1, { title });
    } else if (action === 2) {
      if (dice.chance(0.5))
        await app.defects.update(defect.id, { status: dice.pick(["open", "in-progress", "closed"]) });
      else if (github.issue(place, 1)?.state === "open") github.as("lena").closeIssue(place, 1);
      else github.as("lena").reopenIssue(place, 1);
    } else if (action === 3) {
      const kind = dice.pick(["lost-before", "lost-after"] as const);
      github.faults.add({ kind, match: { method: dice.pick(["POST", "PATCH"]) } });
    } else dice.pick(workers).work();
    if (dice.chance(0.05)) {
      workers[0]?.die();
      workers[0] = await spawn();
    }
    await time.advance(dice.pick([0, 50, 1_000, 5_000, 30_000]));
  }
  github.faults.clear();
  for (const worker of workers) worker.die();
  const last = await spawn();
  for (let minute = 0; minute < 12; minute += 1) {
    await time.advance(61_000);
    for (let pass = 0; pass < 5; pass += 1) {
      last.work();
      await time.advance(2_000);
    }
  }
  const now = await app.defects.get(defect.id);
  const shown = places.map((place) => github.issue(place, 1));
  const statuses = (await app.defects.links(defect.id)).map((link) => `${link.status} ${link.frozenFields.join()}`);
  if (shown.some((issue) => issue?.title !== now.title)) {
    broken.push(`I1 titles ${now.title} ${shown.map((issue) => issue?.title).join(" ")} (${statuses.join(", ")})`);
  }
  if (shown.some((issue) => (issue?.state === "closed") !== isClosed(now.status))) {
    broken.push(`I1 states ${now.status} ${shown.map((issue) => issue?.state).join(" ")} (${statuses.join(", ")})`);
  }
  if (!titles.has(now.title)) broken.push(`I4 title ${now.title}`);
  return broken;
}

test("random histories of one defect with two links end in step", { timeout: 600_000 }, async () => {
  const failures: Record<string, readonly string[]> = {};
  for (const seed of seedsOf(20)) {
    const broken = await runTwins(seed);
    if (broken.length > 0) failures[`seed ${seed}`] = broken;
  }
  expect(failures).toEqual({});
});
