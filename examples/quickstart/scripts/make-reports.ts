/** Runs the suite in `suite/` against both releases of its shop and keeps what the JUnit reporter wrote in `reports/`. */

import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const vitest = fileURLToPath(new URL("../../../node_modules/vitest/vitest.mjs", import.meta.url));
const suiteFolder = fileURLToPath(new URL("../suite/", import.meta.url));
const repositoryFolder = fileURLToPath(new URL("../../../", import.meta.url));

for (const release of ["1", "2"]) {
  const report = fileURLToPath(new URL(`../reports/nightly-${release}.xml`, import.meta.url));
  runSuite(release, report);
  const text = withoutMachinePaths(readFileSync(report, "utf8"));
  writeFileSync(report, text);
  console.log(`nightly-${release}.xml: ${count(text, "<testcase ")} cases, ${count(text, "<failure ")} failures`);
}

/** The suite is meant to find bugs, so a run without failures (or without a run) is the surprise here. */
function runSuite(release: string, report: string): void {
  const run = spawnSync(process.execPath, [vitest, "run", `--outputFile=${report}`], {
    cwd: suiteFolder,
    env: { ...process.env, SHOP_RELEASE: release, NO_COLOR: "1" },
    encoding: "utf8",
  });
  if (run.status !== 1)
    throw new Error(`Expected failing tests, got exit code ${run.status}:\n${run.stdout}${run.stderr}`);
}

function withoutMachinePaths(report: string): string {
  return report.replaceAll(suiteFolder, "").replaceAll(repositoryFolder, "");
}

function count(text: string, part: string): number {
  return text.split(part).length - 1;
}
