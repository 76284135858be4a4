/**
 * `pnpm bench`: measures what the packages' benchmarks measure, one file after the other.
 *
 *   pnpm bench --only storage-postgres         only these packages or benchmarks
 *   pnpm bench --only storage-postgres size    and of them only those with `size` in their name
 *   pnpm bench --json                          one object per figure and line
 */

import { existsSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { type BenchmarkFile, chooseBenchmarks } from "./bench/choose-benchmarks.ts";
import type { Benchmark, Figure } from "./figure.ts";
import { packageFolders, repositoryRoot } from "./repository.ts";

interface Asked {
  readonly files: readonly BenchmarkFile[];
  readonly isJson: boolean;
}

const asked = read();
if (asked === null) process.exitCode = 2;
else await measure(asked);

function read(): Asked | null {
  try {
    const { values, positionals } = parseArgs({
      args: process.argv.slice(2).filter((parameter) => parameter !== "--"),
      options: { json: { type: "boolean", default: false }, only: { type: "string", multiple: true } },
      allowPositionals: true,
    });
    const only = values.only?.flatMap((names) => names.split(","));
    return { files: chooseBenchmarks(benchmarkFiles(), { only, words: positionals }), isJson: values.json };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    console.error(error.message);
    return null;
  }
}

async function measure({ files, isJson }: Asked): Promise<void> {
  for (const { path } of files) {
    const benchmark: Benchmark = await import(pathToFileURL(path).href);
    for (const figure of await benchmark.figures()) console.log(isJson ? JSON.stringify(figure) : sentence(figure));
  }
}

function benchmarkFiles(): readonly BenchmarkFile[] {
  const ending = ".bench.ts";
  return packageFolders().flatMap((packageFolder) => {
    const folder = join(repositoryRoot, packageFolder, "bench");
    const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(ending)) : [];
    return names.sort().map((name) => ({
      packageName: basename(packageFolder),
      name: name.slice(0, -ending.length),
      path: join(folder, name),
    }));
  });
}

function sentence({ name, value, unit, baseline }: Figure): string {
  const comparison = baseline === null ? "" : ` (baseline ${baseline} ${unit})`;
  return `${name}: ${value} ${unit}${comparison}`;
}
