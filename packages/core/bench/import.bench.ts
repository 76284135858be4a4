import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Figure } from "../../../scripts/figure.ts";
import { installConsumer } from "../../../tests/packaging/consumer.ts";
import { packAll } from "../../../tests/packaging/tarballs.ts";

export const title = "Importing";
export const about =
  "What `import` takes in an application that has installed the packages, each in processes of its own. The baseline is zod alone, which core needs. Clients of trackers and drivers are not part of it: they are loaded on first use.";

const rounds = 11;
const names = (all: readonly string[]) => all.filter((name) => !name.endsWith("/testing") && !name.endsWith("-kit"));

/** Milliseconds of one import, measured from within. */
function timeImport(folder: string, specifier: string): number {
  const program = `const at = performance.now(); await import(${JSON.stringify(specifier)}); console.log(performance.now() - at);`;
  return Number(execFileSync(process.execPath, ["--input-type=module", "--eval", program], { cwd: folder }));
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
}

export async function figures(): Promise<readonly Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), "backref-import-"));
  try {
    const tarballs = await packAll(join(folder, "packed"));
    const consumer = join(folder, "consumer");
    await installConsumer("pnpm", consumer, tarballs);
    const core = createRequire(join(consumer, "package.json")).resolve("@backref/core");
    const zod = pathToFileURL(createRequire(core).resolve("zod")).href;
    return names(tarballs.map(({ source }) => source.manifest.name)).map((name): Figure => {
      const times = Array.from({ length: rounds }, () => ({
        baseline: timeImport(consumer, zod),
        ours: timeImport(consumer, name),
      }));
      return {
        name: `import "${name}"`,
        value: Number(median(times.map(({ ours }) => ours)).toFixed(1)),
        unit: "ms",
        baseline: Number(median(times.map(({ baseline }) => baseline)).toFixed(1)),
      };
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
