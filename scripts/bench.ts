/**
 * `pnpm bench`: measures what the packages' benchmarks measure, one file after the other.
 *
 *   pnpm bench --only storage-postgres         only these packages or benchmarks
 *   pnpm bench --only storage-postgres size    and of them only those with `size` in their name
 *   pnpm bench --json                          one object per figure and line
 *   pnpm bench --save                          keeps the figures in docs/performance.json and writes the page beside it
 */

import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { type BenchmarkFile, chooseBenchmarks } from "./bench/choose-benchmarks.ts";
import { type Measured, type Performance, renderPerformance, updated } from "./bench/performance.ts";
import type { Benchmark, Figure } from "./figure.ts";
import { packageFolders, repositoryRoot } from "./repository.ts";

interface Asked {
  readonly files: readonly BenchmarkFile[];
  readonly isJson: boolean;
  readonly isSaved: boolean;
}

const asked = read();
if (asked === null) process.exitCode = 2;
else await measure(asked);

function read(): Asked | null {
  try {
    const { values, positionals } = parseArgs({
      args: process.argv.slice(2).filter((parameter) => parameter !== "--"),
      options: {
        json: { type: "boolean", default: false },
        save: { type: "boolean", default: false },
        only: { type: "string", multiple: true },
      },
      allowPositionals: true,
    });
    const only = values.only?.flatMap((names) => names.split(","));
    const files = chooseBenchmarks(benchmarkFiles(), { only, words: positionals });
    return { files, isJson: values.json, isSaved: values.save };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    console.error(error.message);
    return null;
  }
}

async function measure({ files, isJson, isSaved }: Asked): Promise<void> {
  const measured: Measured[] = [];
  for (const file of files) {
    const { title, about, layout, figures: run }: Benchmark = await import(pathToFileURL(file.path).href);
    const figures = await run();
    for (const figure of figures) console.log(isJson ? JSON.stringify(figure) : sentence(figure));
    measured.push({ benchmark: nameOf(file), title, about, ...(layout !== undefined && { layout }), figures });
  }
  if (isSaved) save(measured);
}

/** Benchmarks that were not run keep their figures. */
function save(measured: readonly Measured[]): void {
  const [json, page] = ["json", "md"].map((ending) => join(repositoryRoot, `docs/performance.${ending}`)) as [
    string,
    string,
  ];
  const former: Performance | null = existsSync(json) ? JSON.parse(readFileSync(json, "utf8")) : null;
  const machine = `Node ${process.versions.node} on ${availableParallelism()} cores (${process.platform}, ${process.arch})`;
  const all = updated(former, { machine, measured }, benchmarkFiles().map(nameOf));
  writeFileSync(json, `${JSON.stringify(all, null, 2)}\n`);
  writeFileSync(page, renderPerformance(all));
}

function nameOf({ packageName, name }: BenchmarkFile): string {
  return `${packageName} ${name}`;
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
