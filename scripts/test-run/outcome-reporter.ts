import { stripVTControlCharacters } from "node:util";
import type { Reporter, SerializedError, TestCase, TestModule, TestSpecification } from "vitest/node";
import type { Outcome } from "./outcome.ts";

/** Collects what Vitest found as plain outcomes, and tells when the last file of a project is done. */
export class OutcomeReporter implements Reporter {
  readonly outcomes: Outcome[] = [];
  readonly #onProjectEnd: (project: string, outcomes: readonly Outcome[]) => void;
  readonly #openModules = new Map<string, number>();
  readonly #byProject = new Map<string, Outcome[]>();

  constructor(onProjectEnd: (project: string, outcomes: readonly Outcome[]) => void) {
    this.#onProjectEnd = onProjectEnd;
  }

  onTestRunStart(specifications: readonly TestSpecification[]): void {
    for (const { project } of specifications) {
      this.#openModules.set(project.name, (this.#openModules.get(project.name) ?? 0) + 1);
    }
  }

  onTestModuleEnd(testModule: TestModule): void {
    const { name } = testModule.project;
    const outcomes = [...moduleOutcomes(testModule)];
    this.outcomes.push(...outcomes);
    const ofProject = [...(this.#byProject.get(name) ?? []), ...outcomes];
    this.#byProject.set(name, ofProject);
    const open = (this.#openModules.get(name) ?? 1) - 1;
    this.#openModules.set(name, open);
    if (open === 0) this.#onProjectEnd(name, ofProject);
  }

  onTestRunEnd(_testModules: readonly TestModule[], unhandledErrors: readonly SerializedError[]): void {
    for (const error of unhandledErrors) {
      this.outcomes.push({ name: "error outside of any test", status: "failed", detail: describe(error), notes: [] });
    }
  }
}

/** One outcome per test; one more where a file or a suite failed as such, for example on import or in a hook. */
function* moduleOutcomes(testModule: TestModule): Generator<Outcome> {
  const file = `${testModule.project.name} > ${testModule.relativeModuleId}`;
  const errors = [...testModule.errors()];
  for (const suite of testModule.children.allSuites()) errors.push(...suite.errors());
  if (errors.length > 0) yield { name: file, status: "failed", detail: errors.map(describe).join("\n"), notes: [] };
  for (const test of testModule.children.allTests()) {
    const outcome = testOutcome(file, test);
    const leftOut = outcome.status === "skipped" && outcome.detail === "" && errors.length > 0;
    yield leftOut ? { ...outcome, status: "failed", detail: "Did not run, see the failure of its file." } : outcome;
  }
}

function testOutcome(file: string, test: TestCase): Outcome {
  const name = `${file} > ${test.fullName}`;
  const notes = test.annotations().map((annotation) => annotation.message);
  const result = test.result();
  switch (result.state) {
    case "passed":
      return { name, status: "passed", detail: "", notes };
    case "skipped":
      return { name, status: "skipped", detail: result.note ?? "", notes };
    case "failed":
      return { name, status: "failed", detail: result.errors.map(describe).join("\n"), notes };
    case "pending":
      return { name, status: "failed", detail: "Did not finish.", notes };
  }
}

function describe(error: SerializedError): string {
  const text = withoutForeignFrames(error.stack ?? error.message);
  return stripVTControlCharacters(typeof error["diff"] === "string" ? `${text}\n${error["diff"]}` : text);
}

/** The frames of the test runner and of other libraries say nothing about a failure of ours. */
function withoutForeignFrames(stack: string): string {
  return stack
    .split("\n")
    .filter((line) => !/^ {4}at .*(\/node_modules\/|\(node:)/.test(line))
    .join("\n");
}
