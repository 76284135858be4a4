import { expect, test } from "vitest";
import { areaSizes, sizeOf, sourceFiles } from "../scripts/sizes.ts";

const MOST_LINES = 350;

const packaged = sourceFiles().filter(({ path }) => /^packages\/[^/]+\/src\//.test(path));

test(`no source file is longer than ${MOST_LINES} lines`, async ({ annotate }) => {
  const { files, medianLines, largest } = sizeOf("packages", packaged);
  await annotate(
    `${files} source files, median ${medianLines} lines, largest ${largest?.lines} lines (${largest?.path})`,
  );
  expect(packaged.filter(({ lines }) => lines > MOST_LINES)).toEqual([]);
});

test("sizes are told by package, tests apart from what they test", () => {
  const files = [
    { path: "packages/core/src/a.ts", lines: 10 },
    { path: "packages/core/src/b/c.ts", lines: 30 },
    { path: "packages/core/src/d.ts", lines: 20 },
    { path: "packages/core/test/a.test.ts", lines: 7 },
    { path: "packages/testing/src/e.ts", lines: 5 },
    { path: "scripts/simulation/f.ts", lines: 1 },
  ];
  const core = { files: 3, lines: 60, medianLines: 20, largest: files[1], testFiles: 1, testLines: 7 };
  const none = { testFiles: 0, testLines: 0 };
  expect(areaSizes(files)).toEqual([
    { area: "packages/core", ...core },
    { area: "packages/testing", files: 1, lines: 5, medianLines: 5, largest: files[4], ...none },
    { area: "scripts", files: 1, lines: 1, medianLines: 1, largest: files[5], ...none },
  ]);
});
