import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createFakeGitHub, type FakeGitHub, type ListeningFake } from "@backref/testing/github";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { defectIdsOf } from "./support/kept-issues.ts";
import { runDemo } from "./support/run-demo.ts";

const firstReport = fileURLToPath(new URL("../reports/nightly-1.xml", import.meta.url));
const timeoutMs = 180_000;
const agreed = "Both sides agree on title, status, priority and comments.";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "quickstart-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function file(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

describe("with the fake GitHub", () => {
  test("brings the example reports to agreement", { timeout: timeoutMs }, async () => {
    const { exitCode, output, errors } = await runDemo();
    expect(errors).toBe("");
    expect(output).toContain("2 reports, 18 cases, 8 failures: 5 defects");
    const rows = output.split("\n").filter((line) => line.includes("https://github.example/acme/shop/issues/"));
    const states = rows.map((row) => row.replace(/^.*issues\/\d+ +/, "").replace(/ +/g, " "));
    expect(rows).toHaveLength(5);
    // Three failures are in both reports.
    expect(rows.map((row) => / (\d)× /.exec(row)?.[1])).toEqual(["2", "1", "2", "2", "1"]);
    expect(states).toEqual([
      "closed major synced 0",
      "open blocker synced 0",
      "closed blocker synced 1",
      "open critical synced 0",
      "open trivial synced 1",
    ]);
    expect(output).toContain(agreed);
    expect(output).toMatch(/Backref sent \d+ remote requests\./);
    expect(exitCode).toBe(0);
  });
});

describe("with the fake GitLab", () => {
  test("comes to the same end, below a relative root", { timeout: timeoutMs }, async () => {
    const data = join(folder, "gitlab");
    const { exitCode, output, errors } = await runDemo(["--provider", "gitlab", firstReport], { data });
    expect(errors).toBe("");
    expect(output).toMatch(/With a fake GitLab at http:\/\/127\.0\.0\.1:\d+\/gitlab/);
    expect(output).toContain("/gitlab/acme/shop/web/-/issues/4");
    expect(output).toContain(agreed);
    expect(exitCode).toBe(0);
  });
});

describe("with the fake Linear", () => {
  test("comes to the same end, and starts over each time", { timeout: timeoutMs }, async () => {
    const data = join(folder, "linear");
    for (const run of ["first", "second"]) {
      const { exitCode, output, errors } = await runDemo(["--provider", "linear", firstReport], { data });
      expect(errors, run).toBe("");
      expect(output).toContain("With a fake Linear at http://127.0.0.1:");
      expect(output).toContain("nothing is known yet");
      expect(output).toContain("https://linear.app/acme/issue/SHOP-4");
      expect(output).toContain(agreed);
      expect(exitCode).toBe(0);
    }
  });

  test("is told from trackers that there are not", { timeout: timeoutMs }, async () => {
    const { exitCode, errors } = await runDemo(["--provider", "constructor"]);
    expect(errors).toContain(
      '--provider does not know "constructor". It takes github, gitlab, jira, linear, redmine, azure-devops.',
    );
    expect(exitCode).toBe(2);
  });
});

/** Making a database takes the longest, so these share one; none of them knows a failure of another. */
describe("with the fake GitHub and other reports", () => {
  let data = "";
  beforeAll(() => {
    data = join(folder, "others");
  });

  test("has nothing to do where nothing failed", { timeout: timeoutMs }, async () => {
    const green = await file("green.xml", '<testsuite name="s"><testcase name="c"/></testsuite>');
    const { exitCode, output } = await runDemo([green], { data });
    expect(output).toContain("0 failures: 0 defects");
    expect(exitCode).toBe(0);
  });

  test("lets one defect play every part", { timeout: timeoutMs }, async () => {
    const one = await file(
      "one.xml",
      '<testsuite name="s"><testcase name="c"><error>boom</error></testcase></testsuite>',
    );
    const { exitCode, output } = await runDemo([one], { data });
    expect(output).toContain("1 report, 1 case, 1 failure: 1 defect");
    expect(output).toContain(agreed);
    expect(exitCode).toBe(0);
  });

  test("takes reports from anywhere", { timeout: timeoutMs }, async () => {
    const { exitCode, output } = await runDemo(["--", firstReport], { data });
    expect(output).toContain("1 report, 9 cases, 4 failures: 4 defects");
    expect(output).toContain(agreed);
    expect(exitCode).toBe(0);
  });
});

describe("with what it cannot read", () => {
  test("says where a report stops being XML", { timeout: timeoutMs }, async () => {
    const bad = await file("bad.xml", '<testsuite>\n<testcase name="c">\n</testsuite>');
    const { exitCode, output, errors } = await runDemo([bad]);
    expect(errors).toContain(`${bad} is no JUnit report. It is not well-formed XML. Expected closing tag 'testcase'`);
    expect(errors).toContain("(line 3)");
    expect(output).toBe("");
    expect(exitCode).toBe(2);
  });

  test("says so of XML of another kind, a missing file and an empty folder", { timeout: timeoutMs }, async () => {
    const page = await file("page.xml", "<html><body/></html>");
    const other = await runDemo([page]);
    expect(other).toMatchObject({ exitCode: 2, errors: expect.stringContaining("neither <testsuites> nor") });
    const missing = await runDemo([join(folder, "nowhere.xml")]);
    expect(missing).toMatchObject({ exitCode: 2, errors: expect.stringContaining("There is no file or folder") });
    const empty = await runDemo([fileURLToPath(new URL("support", import.meta.url))]);
    expect(empty).toMatchObject({ exitCode: 2, errors: expect.stringContaining("No JUnit report in") });
  });
});

/** The tests of this block go on from each other, as runs do. */
describe("with a GitHub of one's own", () => {
  let github: FakeGitHub;
  let port: ListeningFake;
  let data = "";
  const settings = () => ({ GITHUB_TOKEN: github.token, GITHUB_REPOSITORY: "acme/web", GITHUB_API_URL: port.url });
  beforeAll(async () => {
    data = join(folder, "data");
    github = createFakeGitHub({ repositories: ["acme/web"] });
    port = await github.listen();
  });
  afterAll(() => port.close());

  test("polls instead of receiving webhooks, and comes to the same end", { timeout: timeoutMs }, async () => {
    const { exitCode, output, errors } = await runDemo([], { data, environment: settings() });
    expect(errors).toBe("");
    expect(output).toContain("https://github.com/acme/web/issues/5");
    expect(output).toContain(agreed);
    expect(exitCode).toBe(0);
    expect(github.issues("acme/web")).toHaveLength(5);
    expect(github.webhooks.deliveries).toEqual([]);
    expect(github.violations).toEqual([]);
  });

  test("goes on from there the next time", { timeout: timeoutMs }, async () => {
    const before = github.issues("acme/web");
    github.as("lena").closeIssue("acme/web", 4);
    const { exitCode, output, errors } = await runDemo([], { data, environment: settings() });
    expect(errors).toBe("");
    expect(output).toContain("Goes on from earlier runs: 5 defects");
    // Two were closed before, and one meanwhile.
    expect(output).toContain("8 failures: 5 defects, 2 of them known");
    expect(output).toContain(agreed);
    expect(exitCode).toBe(0);
    const after = github.issues("acme/web");
    expect(after).toHaveLength(8);
    expect(new Set(defectIdsOf(after)).size).toBe(8);
    expect(defectIdsOf(after).slice(0, 5)).toEqual(defectIdsOf(before));
    expect(github.violations).toEqual([]);
  });

  test("says what is wrong with the token", { timeout: timeoutMs }, async () => {
    const { exitCode, errors } = await runDemo([], { data, environment: { ...settings(), GITHUB_TOKEN: "ghp_wrong" } });
    expect(errors).toMatch(/GitHub cannot be used like this\.\n- .*token/i);
    expect(errors).not.toContain("ghp_wrong");
    expect(exitCode).toBe(2);
  });

  test("says what is wrong with the repository", { timeout: timeoutMs }, async () => {
    const { exitCode, errors } = await runDemo([], {
      data,
      environment: { ...settings(), GITHUB_REPOSITORY: "acme/later" },
    });
    expect(errors).toMatch(/\n- .*acme\/later/);
    expect(exitCode).toBe(2);
    const { GITHUB_TOKEN } = settings();
    const half = await runDemo([], { data, environment: { GITHUB_TOKEN } });
    expect(half).toMatchObject({ exitCode: 2, errors: expect.stringContaining("not GITHUB_REPOSITORY") });
  });

  test("keeps each repository apart, and admits it when the two sides do not agree", {
    timeout: timeoutMs,
  }, async () => {
    github.addRepository("acme/later");
    github.faults.add({ kind: "label-refused", times: 100 });
    const environment = { ...settings(), GITHUB_REPOSITORY: "acme/later" };
    const { exitCode, output } = await runDemo([], { data, environment });
    expect(output).toContain("nothing is known yet");
    expect(output).toContain("is partial");
    expect(output).toContain("The two sides do not agree.");
    expect(exitCode).toBe(1);
    const host = new URL(port.url).host.replace(":", "_");
    const names = (await readdir(data)).map((name) => name.replace(/~[0-9a-f]{8}$/, "")).sort();
    expect(names).toEqual([`${host}~acme~later`, `${host}~acme~web`]);
  });
});
