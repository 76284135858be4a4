/**
 * `pnpm test`: everything that must hold before a change is merged. The last line is `N passed, N failed`, with
 * `, N skipped` where something was skipped.
 *
 *   pnpm test --only core,repository      only these steps: types, lint or Vitest projects
 *   pnpm test --only core reconcile       and only test files with `reconcile` in their name
 */

import { parseArgs } from "node:util";
import { commandCheck } from "./test-run/command-check.ts";
import { count, type Outcome, summaryLine } from "./test-run/outcome.ts";
import { enforceRequired } from "./test-run/required-tests.ts";
import { vitestChecks } from "./test-run/vitest-checks.ts";

const { values, positionals } = parseArgs({
  args: process.argv.slice(2).filter((parameter) => parameter !== "--"),
  options: { only: { type: "string", multiple: true } },
  allowPositionals: true,
});
const only = values.only?.flatMap((names) => names.split(","));

/** These run when all others are done, group by group: the first takes every core, and of the second one builds and installs. */
const LATE = [["simulation"], ["mutation-gate", "packaging"]];
const late = LATE.flat();
const commands = [
  { name: "types", program: "tsc", parameters: ["-p", "tsconfig.json"] },
  { name: "lint", program: "biome", parameters: ["check", "."] },
];

const outcomes: Outcome[] = [];
const startedAt = performance.now();

for (const { name, program, parameters } of commands) {
  if (only !== undefined && !only.includes(name)) continue;
  const outcome = await commandCheck(name, program, parameters);
  progress(name, [outcome]);
  outcomes.push(outcome);
}
const others = only?.filter((name) => !late.includes(name) && commands.every((command) => command.name !== name));
if (others === undefined || others.length > 0) await runTests(others ?? late.map((name) => `!${name}`));
for (const group of LATE) {
  const asked = group.filter((name) => only === undefined || only.includes(name));
  if (asked.length > 0) await runTests(asked);
}

const final = enforceRequired(outcomes, process.env);
for (const { name, status, detail } of final) {
  if (status === "failed") console.log(`\nFAILED ${name}${detail.includes("\n") ? "\n" : ": "}${detail}`);
}
console.log("");
for (const { notes } of final) for (const note of notes) console.log(`note: ${note}`);
for (const { name, status, detail } of final) if (status === "skipped") console.log(`skipped ${name}: ${detail}`);
console.log(summaryLine(final));
process.exitCode = count(final, "failed") > 0 || final.length === 0 ? 1 : 0;

async function runTests(projects: readonly string[]): Promise<void> {
  outcomes.push(...(await vitestChecks({ projects, files: positionals }, progress)));
}

function progress(step: string, found: readonly Outcome[]): void {
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1).padStart(6);
  console.log(`${seconds} s  ${step}: ${summaryLine(found)}`);
}
