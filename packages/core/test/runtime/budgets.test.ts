import { createMemoryStorage } from "@backref/storage-memory";
import { createVirtualTime, type VirtualTime } from "@backref/testing";
import { describe, expect, test } from "vitest";
import type { Storage } from "../../src/index.ts";
import { createBudgets, type Grant, grantMs, type Spending } from "../../src/runtime/budgets.ts";

const creations = { name: "creations", windowMs: 60_000, limit: 10 };

function setUp(changes: (storage: Storage, time: VirtualTime) => Partial<Storage["system"]> = () => ({})) {
  const time = createVirtualTime();
  const inner = createMemoryStorage({ clock: time.clock });
  let asked = 0;
  const system: Storage["system"] = {
    ...inner.system,
    async reserve(request) {
      asked += 1;
      return inner.system.reserve(request);
    },
    ...changes(inner, time),
  };
  const storage = { ...inner, system };
  const budgets = createBudgets({ storage, clock: time.clock, scheduler: time.scheduler });
  const spend = (spending: Partial<Spending> = {}): Promise<Grant> =>
    budgets.spend({
      tenantId: "acme",
      budgetId: "budget-1",
      windows: [creations],
      amounts: [1],
      isUrgent: true,
      patienceMs: 0,
      signal: new AbortController().signal,
      ...spending,
    });
  return { time, spend, asked: () => asked };
}

const times = <Value>(count: number, make: (index: number) => Value): Value[] =>
  Array.from({ length: count }, (_, index) => make(index));
const isGranted = (grant: Grant) => "until" in grant;

describe("what all processes may send together", () => {
  test("those who come at once ask the storage once", async () => {
    const { spend, asked } = setUp();
    const grants = await Promise.all(times(10, () => spend()));
    expect(grants.every(isGranted)).toBe(true);
    expect(asked()).toBe(1);
  });

  test("a grant ends, and counts for as much longer than its window", async () => {
    const { spend, time } = setUp();
    const begun = time.clock.monotonic();
    const [first] = await Promise.all(times(10, () => spend()));
    expect(first).toEqual({ until: begun + grantMs });
    await time.advance(creations.windowMs);
    expect(await spend()).toEqual({ waitMs: grantMs });
    await time.advance(grantMs);
    expect(await spend()).toMatchObject({ until: expect.any(Number) });
  });

  test("who is patient enough waits for room, and who is not is told how long it would take", async () => {
    const { spend, time } = setUp();
    await Promise.all(times(10, () => spend()));
    const patient = spend({ patienceMs: 100_000 });
    expect(await spend({ patienceMs: 1_000 })).toEqual({ waitMs: creations.windowMs + grantMs });
    let isSettled = false;
    void patient.then(() => {
      isSettled = true;
    });
    await time.advance(creations.windowMs + grantMs - 1);
    expect(isSettled).toBe(false);
    await time.advance(1);
    expect(isGranted(await patient)).toBe(true);
  });

  test("who comes while others wait is not kept waiting for what needs no room", async () => {
    const { spend } = setUp();
    const windows = [creations, { name: "points", windowMs: 60_000, limit: 900 }];
    await Promise.all(times(10, () => spend({ windows, amounts: [1, 5] })));
    void spend({ windows, amounts: [1, 5], patienceMs: 100_000 });
    expect(isGranted(await spend({ windows, amounts: [0, 1] }))).toBe(true);
  });

  test("urgent work goes first, and may spend what other work has to leave", async () => {
    const { spend } = setUp();
    const background = times(9, () => spend({ isUrgent: false }));
    const urgent = times(2, () => spend());
    expect((await Promise.all(urgent)).every(isGranted)).toBe(true);
    expect((await Promise.all(background)).filter(isGranted)).toHaveLength(7);
    expect(isGranted(await spend())).toBe(true);
    expect(isGranted(await spend())).toBe(false);
  });

  test("a grant that arrives too late is asked for again", async () => {
    let answers = 0;
    const { spend, time, asked } = setUp((inner, { scheduler }) => ({
      async reserve(request) {
        answers += 1;
        const answer = await inner.system.reserve(request);
        if (answers === 1) await scheduler.sleep(grantMs);
        return answer;
      },
    }));
    const grant = spend();
    await time.advance(grantMs);
    expect(await grant).toEqual({ until: time.clock.monotonic() + grantMs });
    expect([answers, asked()]).toEqual([2, 0]);
  });

  test("who gives up leaves at once, also while waiting for room", async () => {
    const { spend, time } = setUp();
    await Promise.all(times(10, () => spend()));
    const abort = new AbortController();
    const waiting = spend({ patienceMs: 100_000, signal: abort.signal });
    await time.advance(1_000);
    abort.abort(new Error("nobody waits any more"));
    await expect(waiting).rejects.toThrow("nobody waits any more");
    await expect(spend({ signal: abort.signal })).rejects.toThrow("nobody waits any more");
    await time.advance(200_000);
    expect(time.sleeping).toBe(0);
  });

  test("what the storage throws reaches all who asked, and those who come later ask anew", async () => {
    let isAway = true;
    const { spend } = setUp((inner) => ({
      async reserve(request) {
        if (isAway) throw new Error("the database is away");
        return inner.system.reserve(request);
      },
    }));
    const outcomes = await Promise.allSettled([spend(), spend()]);
    expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    isAway = false;
    expect(isGranted(await spend())).toBe(true);
  });
});
