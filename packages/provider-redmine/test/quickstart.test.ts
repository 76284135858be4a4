import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { missingRedmine } from "backref-redmine-server";
import { expect, test } from "vitest";
import { freshProject, openRedmine } from "./redmine.ts";

const missing = missingRedmine();
const demo = join(import.meta.dirname, "../../../examples/quickstart/src/main.ts");

test("the quick start plays on a Redmine of one's own, and both sides agree", async ({ skip }) => {
  if (missing !== null) skip(missing);
  const redmine = openRedmine(Date.now);
  const [project, account] = [freshProject("shop"), freshProject("ann")];
  const [apiKey] = await redmine.act(
    { action: "add_account", login: account },
    { action: "add_project", identifier: project, account },
  );
  const data = await mkdtemp(join(tmpdir(), "backref-quickstart-"));
  try {
    const environment = {
      ...process.env,
      REDMINE_URL: `${redmine.access.url}/redmine`,
      REDMINE_API_KEY: String(apiKey),
      REDMINE_PROJECT: project,
    };
    const { exitCode, output } = await run(["--provider", "redmine", "--data", data], environment);
    expect(output).toContain("Both sides agree on title, status, priority and comments.");
    expect(output.split("\n").filter((line) => /\/redmine\/issues\/\d+/.test(line))).toHaveLength(5);
    expect(exitCode).toBe(0);
  } finally {
    await rm(data, { recursive: true, force: true });
  }
});

function run(parameters: readonly string[], environment: NodeJS.ProcessEnv) {
  return new Promise<{ readonly exitCode: number | null; readonly output: string }>((resolve, reject) => {
    const child = spawn(process.execPath, [demo, ...parameters], { env: environment });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (chunk: string) => {
        output += chunk;
      });
    }
    child.once("error", reject);
    child.once("close", (exitCode) => resolve({ exitCode, output }));
  });
}
