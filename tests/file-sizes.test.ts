import { expect, test } from "vitest";
import { readTracked, trackedFiles } from "./support/tracked-files.ts";

const MOST_LINES = 350;

const sizes = trackedFiles()
  .filter((path) => /^packages\/[^/]+\/src\/.*\.ts$/.test(path))
  .map((path) => ({ path, lines: readTracked(path).split("\n").length - 1 }))
  .sort((a, b) => a.lines - b.lines);

test(`no source file is longer than ${MOST_LINES} lines`, async ({ annotate }) => {
  const median = sizes[Math.floor(sizes.length / 2)];
  const largest = sizes.at(-1);
  await annotate(
    `${sizes.length} source files, median ${median?.lines} lines, largest ${largest?.lines} lines (${largest?.path})`,
  );
  expect(sizes.filter(({ lines }) => lines > MOST_LINES)).toEqual([]);
});
