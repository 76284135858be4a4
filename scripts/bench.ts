/**
 * `pnpm bench`: measures what the packages' benchmarks measure, one file after the other. With `--json` it prints one
 * object per figure and line.
 */

import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import type { Benchmark, Figure } from "./figure.ts";
import { packageFolders, repositoryRoot } from "./repository.ts";

const { values } = parseArgs({
  args: process.argv.slice(2).filter((parameter) => parameter !== "--"),
  options: { json: { type: "boolean", default: false } },
});

const files = benchmarkFiles();
for (const file of files) {
  const benchmark: Benchmark = await import(pathToFileURL(file).href);
  for (const figure of await benchmark.figures()) console.log(values.json ? JSON.stringify(figure) : sentence(figure));
}
if (files.length === 0 && !values.json) console.log("There are no benchmarks yet: no packages/*/bench/*.bench.ts.");

function benchmarkFiles(): readonly string[] {
  return packageFolders()
    .map((folder) => join(repositoryRoot, folder, "bench"))
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)))
    .filter((file) => file.endsWith(".bench.ts"))
    .sort();
}

function sentence({ name, value, unit, baseline }: Figure): string {
  const comparison = baseline === null ? "" : ` (baseline ${baseline} ${unit})`;
  return `${name}: ${value} ${unit}${comparison}`;
}
