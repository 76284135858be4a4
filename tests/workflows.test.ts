import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { readTracked, trackedFiles } from "./support/tracked-files.ts";

interface Job {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly uses?: string;
  readonly needs?: string | readonly string[];
  readonly environment?: string;
  readonly "timeout-minutes"?: number;
  readonly steps?: readonly { readonly uses?: string; readonly run?: string; readonly env?: object }[];
}

interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

const folder = ".github/workflows";
const workflows = trackedFiles()
  .filter((path) => path.startsWith(`${folder}/`))
  .map((path) => ({ path, text: readTracked(path), workflow: parse(readTracked(path)) as Workflow }));

const workflowNamed = (name: string): Workflow => {
  const found = workflows.find(({ path }) => path === `${folder}/${name}.yml`);
  if (found === undefined) throw new Error(`There is no workflow ${name}`);
  return found.workflow;
};
const commandsOf = (job: Job | undefined) => (job?.steps ?? []).flatMap(({ run }) => (run === undefined ? [] : [run]));

describe.each(workflows)("$path", ({ text, workflow }) => {
  test("grants nothing to all, and to each job what it names", () => {
    expect(workflow.permissions).toEqual({});
    for (const [name, job] of Object.entries(workflow.jobs)) {
      expect(job.permissions, name).toMatchObject({ contents: "read" });
    }
  });

  test("takes actions by commit, with the version beside it, and none of strangers' code with rights", () => {
    const actions = [...text.matchAll(/\buses: (?!\.\/)(.*)/g)].map(([, action]) => action);
    expect(actions.filter((action) => !/^actions\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(action ?? ""))).toEqual(
      [],
    );
    expect(Object.keys(workflow.on)).not.toContain("pull_request_target");
    expect(text).not.toMatch(/secrets\.|\$\{\{ *github\.event\./);
  });

  test("ends by itself", () => {
    const endless = Object.entries(workflow.jobs).filter(
      ([, job]) => !job.uses && job["timeout-minutes"] === undefined,
    );
    expect(endless.map(([name]) => name)).toEqual([]);
  });
});

test("what is merged and what is published has passed the README's test command", () => {
  const ci = workflowNamed("ci");
  expect(Object.keys(ci.on)).toEqual(["pull_request", "push", "workflow_call"]);
  expect(commandsOf(ci.jobs["test"])).toContain(".ci/run");
  const testCommand = "npx -y pnpm@12 test";
  expect(readTracked("README.md")).toContain(`\n${testCommand}\n`);
  expect(readTracked(".ci/run")).toContain(`\n${testCommand} `);

  const { test: tested, publish } = workflowNamed("release").jobs;
  expect(tested?.uses).toBe(`./${folder}/ci.yml`);
  expect(publish?.needs).toBe("test");
});

test("only publishing gets an identity, behind an environment, and asks for provenance", () => {
  const all = workflows.flatMap(({ path, workflow }) =>
    Object.entries(workflow.jobs).map(([name, job]) => ({ name: `${path} ${name}`, job })),
  );
  const more = all.filter(({ job }) => Object.keys(job.permissions ?? {}).some((right) => right !== "contents"));
  expect(more.map(({ name, job }) => [name, job.permissions, job.environment])).toEqual([
    [`${folder}/release.yml publish`, { contents: "read", "id-token": "write" }, "release"],
  ]);
  const publishing = workflowNamed("release").jobs["publish"]?.steps?.at(-1);
  expect(publishing).toEqual({ run: "npx -y pnpm@12 release", env: { NPM_CONFIG_PROVENANCE: "true" } });
});
