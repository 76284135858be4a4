import { expect, test } from "vitest";
import {
  addFigures,
  addTallies,
  noFigures,
  noTally,
  ratesOf,
  reportFigures,
  totalOf,
} from "../../src/simulation/index.ts";

const figures = { ...noFigures, hostEdits: 3, trackerEdits: 1, requests: 20, requestsInUse: 10, requestFaults: 1 };

test("figures of two runs add up, and neither is changed", () => {
  expect(addFigures(figures, { ...noFigures, hostEdits: 2, events: 7 })).toEqual({
    ...figures,
    hostEdits: 5,
    events: 7,
  });
  expect(figures.hostEdits).toBe(3);
  expect(Object.values(noFigures).every((value) => value === 0)).toBe(true);
});

test("rates relate what happened to what it could happen to", () => {
  expect(ratesOf({ seeds: 1, figures })).toMatchObject({ requestFaults: 0.1, requestsPerEdit: 2.5, deliveryFaults: 0 });
});

test("no run at all has rates too", () => {
  expect(Object.values(ratesOf(noTally)).every((rate) => rate === 0)).toBe(true);
});

test("the report counts everything and tells requests per edit for each profile", () => {
  const busy = { seeds: 1, figures: { ...figures, events: 1_000 } };
  const tallies = new Map([["busy", busy] as const, ["quiet", addTallies(noTally, busy)] as const]);
  expect(totalOf(tallies)).toMatchObject({ seeds: 2, figures: { hostEdits: 6 } });
  const lines = reportFigures(tallies, 500);
  expect(lines).toContain("requests per edit: busy 2.50, quiet 2.50");
  expect(lines).toContain("events: 2,000, 4,000 per second");
});
