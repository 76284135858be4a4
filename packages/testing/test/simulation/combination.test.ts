import { expect, test } from "vitest";
import { combinationOf, isRepeatedSeed, usualProfiles, usualTrackers } from "../../src/simulation/index.ts";

const count = usualProfiles.length * usualTrackers.length;
const textOf = (seed: number) => Object.values(combinationOf(seed)).join(" ");

test("seeds in a row take every usual profile with every usual tracker in its turn", () => {
  const first = Array.from({ length: count }, (_, index) => textOf(500 + index));
  expect(new Set(first).size).toBe(count);
  expect(textOf(500 + count)).toBe(textOf(500));
});

test("what is asked for is taken, and only the rest is chosen by the seed", () => {
  const seeds = Array.from({ length: count }, (_, index) => index);
  const ofQuiet = seeds.map((seed) => combinationOf(seed, { profile: "quiet", tracker: null }));
  expect(new Set(ofQuiet.map(({ profile }) => profile))).toEqual(new Set(["quiet"]));
  expect(new Set(ofQuiet.map(({ tracker }) => tracker))).toEqual(new Set(usualTrackers));
  expect(combinationOf(7, { profile: "reference", tracker: "cas" })).toEqual({ profile: "reference", tracker: "cas" });
});

test("a seed that is no whole number is refused", () => {
  expect(() => combinationOf(0.5)).toThrow(TypeError);
  expect(() => combinationOf(-1)).toThrow(TypeError);
});

test("about one seed in a hundred is repeated, and in time one of every combination", () => {
  const repeated = Array.from({ length: 101 * count }, (_, seed) => seed).filter(isRepeatedSeed);
  expect(repeated).toHaveLength(count);
  expect(new Set(repeated.map(textOf)).size).toBe(count);
});
