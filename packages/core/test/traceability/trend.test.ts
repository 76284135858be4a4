import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { countDefectTrend, type DefectHistory, type DefectTrend, type TrendWindow } from "../../src/index.ts";
import { errorOf } from "../support/error-of.ts";

const at = (text: string) => Date.parse(text);
const trend = (window: Partial<TrendWindow>, histories: readonly DefectHistory[]) =>
  countDefectTrend({
    from: "2026-03-27",
    to: "2026-03-31",
    every: "day",
    timeZone: "UTC",
    ...window,
    histories,
  });
const lines = ({ periods }: DefectTrend) =>
  periods.map(({ from, to, opened, closed, reopened, open }) => [from, to, opened, closed, reopened, open].join(" "));

const opened = (createdAt: string, ...changes: readonly (readonly [string, boolean])[]): DefectHistory => ({
  createdAt: at(createdAt),
  isOpen: true,
  changes: changes.map(([time, isOpen]) => ({ at: at(time), isOpen })),
});

describe("defects over time", () => {
  test("are counted by what happened on each day, and by what was open in the end", async () => {
    const result = await trend({}, [
      opened("2026-03-01T12:00:00Z"),
      opened("2026-03-01T12:00:00Z", ["2026-03-02T12:00:00Z", false]),
      opened("2026-03-28T12:00:00Z", ["2026-03-28T13:00:00Z", false], ["2026-03-30T13:00:00Z", true]),
      opened("2026-03-28T12:00:00Z", ["2026-04-28T13:00:00Z", false]),
      opened("2026-04-01T12:00:00Z"),
    ]);
    expect(result.openBefore).toBe(1);
    expect(lines(result)).toEqual([
      "2026-03-27 2026-03-27 0 0 0 1",
      "2026-03-28 2026-03-28 2 1 0 2",
      "2026-03-29 2026-03-29 0 0 0 2",
      "2026-03-30 2026-03-30 0 0 1 3",
      "2026-03-31 2026-03-31 0 0 0 3",
    ]);
  });

  test("belong to the day that it was where people are, also when clocks change", async () => {
    const histories = [
      opened("2026-03-28T22:59:59Z"),
      opened("2026-03-28T23:00:00Z"),
      opened("2026-03-29T21:59:59Z"),
      opened("2026-03-29T22:00:00Z"),
    ];
    const berlin = await trend({ timeZone: "Europe/Berlin", from: "2026-03-28", to: "2026-03-30" }, histories);
    expect(berlin.periods.map((period) => period.opened)).toEqual([1, 2, 1]);
    const kiritimati = await trend({ timeZone: "Pacific/Kiritimati", from: "2026-03-28", to: "2026-03-30" }, histories);
    expect(kiritimati.periods.map((period) => period.opened)).toEqual([0, 2, 2]);
    const honolulu = await trend({ timeZone: "Pacific/Honolulu", from: "2026-03-28", to: "2026-03-30" }, histories);
    expect(honolulu.periods.map((period) => period.opened)).toEqual([2, 2, 0]);
  });

  test("per week begin on Monday, and are cut where the window is", async () => {
    const result = await trend({ every: "week", from: "2026-03-27", to: "2026-04-07" }, [
      opened("2026-03-26T12:00:00Z"),
      opened("2026-03-29T23:59:00Z"),
      opened("2026-03-30T00:00:00Z", ["2026-04-06T00:00:00Z", false]),
      opened("2026-04-08T00:00:00Z"),
    ]);
    expect(result.openBefore).toBe(1);
    expect(lines(result)).toEqual([
      "2026-03-27 2026-03-29 1 0 0 2",
      "2026-03-30 2026-04-05 1 0 0 3",
      "2026-04-06 2026-04-07 0 1 0 2",
    ]);
  });

  test("agree with looking at every defect at the end of every day", async () => {
    const moment = fc.integer({ min: at("2026-03-20T00:00:00Z"), max: at("2026-04-05T00:00:00Z") });
    const history = fc.record({
      isOpen: fc.boolean(),
      times: fc.array(moment, { minLength: 1, maxLength: 6 }),
      states: fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(history, { maxLength: 8 }), fc.constantFrom("day", "week"), async (given, every) => {
        const histories = given.map(({ isOpen, times, states }): DefectHistory => {
          const [createdAt = 0, ...later] = times.toSorted((a, b) => a - b);
          return {
            createdAt,
            isOpen,
            changes: later.map((time, index) => ({ at: time, isOpen: states[index] ?? false })),
          };
        });
        const openAt = (time: number) =>
          histories.filter(({ createdAt, isOpen, changes }) => {
            if (createdAt >= time) return false;
            return changes.filter((change) => change.at < time).at(-1)?.isOpen ?? isOpen;
          }).length;
        const { openBefore, periods } = await trend({ every }, histories);
        expect(openBefore).toBe(openAt(at("2026-03-27T00:00:00Z")));
        for (const { to, open } of periods) expect(open).toBe(openAt(at(`${to}T00:00:00Z`) + 86_400_000));
      }),
      { numRuns: 300 },
    );
  });

  test.each([
    [{ timeZone: "Middle/Earth" }, "timeZone"],
    [{ from: "2026-02-30" }, "from"],
    [{ from: "2026-04-01", to: "2026-03-31" }, "to"],
    [{ from: "2020-01-01" }, "to"],
    [{ every: "month" }, "every"],
  ])("%j is refused", async (window, path) => {
    expect(await errorOf(trend(window as never, []))).toMatchObject({
      code: "invalid-input",
      issues: [{ path: [path] }],
    });
  });
});
