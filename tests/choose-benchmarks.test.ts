import { expect, test } from "vitest";
import { chooseBenchmarks } from "../scripts/bench/choose-benchmarks.ts";

const all = [
  { packageName: "core", name: "merge", path: "/core/merge" },
  { packageName: "storage", name: "size", path: "/storage/size" },
  { packageName: "storage", name: "work", path: "/storage/work" },
];

test.each([
  [undefined, [], ["merge", "size", "work"]],
  [["storage"], [], ["size", "work"]],
  [["work"], [], ["work"]],
  [["core", "work"], [], ["merge", "work"]],
  [["storage"], ["iz"], ["size"]],
  [undefined, ["or", "er"], ["merge", "work"]],
])("--only %j with %j are %j", (only, words, expected) => {
  expect(chooseBenchmarks(all, { only, words }).map(({ name }) => name)).toEqual(expected);
});

test("what nothing is called is said, with what there is", () => {
  expect(() => chooseBenchmarks(all, { only: ["stor"], words: [] })).toThrow(
    'No package and no benchmark is called "stor". There are: core merge, storage size, storage work.',
  );
  expect(() => chooseBenchmarks(all, { only: ["core"], words: ["size", "x"] })).toThrow(
    'No benchmark has "size" or "x" in its name.',
  );
});
