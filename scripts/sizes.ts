/**
 * Prints how large the repository is, by package: `pnpm sizes`. Lines are counted as they stand, blank ones and comments
 * included; what the benchmarks and tests of a package need counts as tests.
 */

import { readTracked, trackedFiles } from "../tests/support/tracked-files.ts";

export interface SourceFile {
  readonly path: string;
  readonly lines: number;
}

export interface AreaSize {
  /** For example `packages/core`. */
  readonly area: string;
  readonly files: number;
  readonly lines: number;
  /** Of the source files. */
  readonly medianLines: number;
  readonly largest: SourceFile | null;
  readonly testFiles: number;
  readonly testLines: number;
}

/** Every TypeScript file that is in the repository. */
export function sourceFiles(): readonly SourceFile[] {
  return trackedFiles()
    .filter((path) => path.endsWith(".ts"))
    .map((path) => ({ path, lines: readTracked(path).split("\n").length - 1 }));
}

/** One for each package and example, and one for each other folder at the top. In the order of their names. */
export function areaSizes(files: readonly SourceFile[]): readonly AreaSize[] {
  const byArea = Map.groupBy(files, ({ path }) => areaOf(path));
  return [...byArea].sort(([a], [b]) => (a < b ? -1 : 1)).map(([area, own]) => sizeOf(area, own));
}

function areaOf(path: string): string {
  const parts = path.split("/");
  if (parts.length === 1) return ".";
  return parts.slice(0, parts[0] === "packages" || parts[0] === "examples" ? 2 : 1).join("/");
}

export function sizeOf(area: string, files: readonly SourceFile[]): AreaSize {
  const isTest = ({ path }: SourceFile) => /(?:^|\/)(?:tests?|bench|suite)\/|\.config\.ts$/.test(path);
  const source = files.filter((file) => !isTest(file)).sort((a, b) => a.lines - b.lines);
  const tests = files.filter(isTest);
  const total = (some: readonly SourceFile[]) => some.reduce((sum, { lines }) => sum + lines, 0);
  return {
    area,
    files: source.length,
    lines: total(source),
    medianLines: source[Math.floor(source.length / 2)]?.lines ?? 0,
    largest: source.at(-1) ?? null,
    testFiles: tests.length,
    testLines: total(tests),
  };
}

function table(sizes: readonly AreaSize[]): string {
  const head = ["", "files", "lines", "median", "largest", "test files", "test lines"];
  const rows = sizes.map(({ area, files, lines, medianLines, largest, testFiles, testLines }) => [
    area,
    ...[files, lines, medianLines].map(String),
    largest === null ? "" : `${largest.lines} ${largest.path.slice(area.length + 1)}`,
    ...[testFiles, testLines].map(String),
  ]);
  return [head, head.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");
}

if (import.meta.main) {
  const files = sourceFiles();
  console.log(table([...areaSizes(files), { ...sizeOf("all", files), largest: null }]));
}
