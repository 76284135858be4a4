import { existsSync } from "node:fs";
import { chmod, copyFile, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { defectIdsOf, keptIssues } from "./support/kept-issues.ts";
import { runDemo } from "./support/run-demo.ts";

const timeoutMs = 180_000;
const agreed = "Both sides agree on title, status, priority and comments.";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "quickstart-kept-"));
});
afterAll(() => rm(folder, { recursive: true }));

/** The tests of this block go on from each other, as runs do. */
describe("data that is kept", () => {
  let data = "";
  let place = "";
  beforeAll(() => {
    data = join(folder, "data");
    place = join(data, "fake");
  });

  test("survives a run that is killed while it pushes", { timeout: timeoutMs }, async () => {
    const killed = await runDemo([], { data, stopAt: { text: "5 defects", signal: "SIGKILL" } });
    expect(killed.exitCode).toBeNull();
    expect(existsSync(join(data, "fake.lock"))).toBe(true);
    const { exitCode, output, errors } = await runDemo([], { data });
    expect(errors).toBe("");
    expect(output).toContain("The last run was killed.");
    expect(output).toContain("8 failures: 5 defects, 5 of them known");
    expect(output).toContain(agreed);
    expect(exitCode).toBe(0);
    expect(await keptIssues(data)).toHaveLength(5);
    expect(existsSync(join(data, "fake.lock"))).toBe(false);
  });

  test("is gone on from: known failures occur again, and no defect gets a second issue", {
    timeout: timeoutMs,
  }, async () => {
    const before = await keptIssues(data);
    const { exitCode, output, errors } = await runDemo([], { data });
    expect(errors).toBe("");
    expect(output).toMatch(/Goes on from earlier runs: 5 defects since .+, 2 of them closed/);
    expect(output).toContain("To start over: pnpm demo --reset");
    // Two were closed, so their failures are news again.
    expect(output).toContain("8 failures: 5 defects, 3 of them known");
    expect(output).toContain(agreed);
    expect(exitCode).toBe(0);
    const after = await keptIssues(data);
    expect(after.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(new Set(defectIdsOf(after)).size).toBe(7);
    expect(defectIdsOf(after).slice(0, 5)).toEqual(defectIdsOf(before));
    const badges = output.split("\n").flatMap((line) => /× +(#\d+) /.exec(line)?.[1] ?? []);
    expect(badges).toEqual(["#6", "#2", "#7", "#4", "#5"]);
  });

  test("is closed in order when somebody stops the program", { timeout: timeoutMs }, async () => {
    const { exitCode, errors } = await runDemo([], { data, stopAt: { text: "of them known", signal: "SIGINT" } });
    expect(errors).toContain("Stopped by SIGINT. Everything so far is kept; run it again to go on.");
    expect(exitCode).toBe(130);
    expect(existsSync(join(data, "fake.lock"))).toBe(false);
  });

  test("lies in files that only their owner can read", async () => {
    for (const name of ["secret-key", "github.json"]) {
      expect(((await stat(join(place, name))).mode & 0o777).toString(8)).toBe("600");
    }
    expect((await readdir(place)).sort()).toEqual(["about.json", "database", "github.json", "secret-key"]);
    expect(await readFile(join(place, "secret-key"), "utf8")).not.toBe("");
  });

  test("is not opened by two at once", { timeout: timeoutMs }, async () => {
    await writeFile(join(data, "fake.lock"), String(process.pid));
    const { exitCode, errors } = await runDemo([], { data });
    expect(errors).toContain(`Another run (process ${process.pid}) is using this data.`);
    expect(exitCode).toBe(2);
    await rm(join(data, "fake.lock"));
  });

  test.each([
    ["secret-key", "The key to the stored credentials is missing"],
    ["github.json", "github.json is missing: Backref's data speaks of issues that this GitHub has forgotten."],
  ])("is told to be incomplete without %s", { timeout: timeoutMs }, async (name, sentence) => {
    await rename(join(place, name), join(folder, name));
    const { exitCode, errors } = await runDemo([], { data });
    await rename(join(folder, name), join(place, name));
    expect(errors).toContain(sentence);
    expect(errors).toContain("--reset");
    expect(exitCode).toBe(2);
  });

  test.each([
    ["github.json", "{", "The fake GitHub in"],
    ["github.json", '{"personToken":"t","state":{"format":"backref-fake-github","version":9}}', "has version 9"],
    ["secret-key", "short", "is no key"],
    ["about.json", '{"format":"backref-quickstart","version":9}', "was written by another version"],
    [join("database", "global", "pg_control"), "nonsense", "cannot be opened"],
  ])("is told to be damaged where %s holds %s", { timeout: timeoutMs }, async (name, text, sentence) => {
    await copyFile(join(place, name), join(folder, "aside"));
    await writeFile(join(place, name), text);
    const { exitCode, errors } = await runDemo([], { data });
    await copyFile(join(folder, "aside"), join(place, name));
    expect(errors).toContain(sentence);
    expect(errors).not.toContain("    at ");
    expect(exitCode).toBe(2);
  });

  test("is not taken for nothing where the database is another thing", { timeout: timeoutMs }, async () => {
    await rm(join(place, "database", "PG_VERSION"));
    const { exitCode, errors } = await runDemo([], { data });
    expect(errors).toContain("it holds no PostgreSQL database. Start over with --reset.");
    expect(exitCode).toBe(2);
  });

  test("is gone after --reset, whatever was wrong with it", { timeout: timeoutMs }, async () => {
    const report = join(folder, "one.xml");
    await writeFile(report, '<testsuite name="s"><testcase name="c"><error>boom</error></testcase></testsuite>');
    const { exitCode, output } = await runDemo(["--reset", report], { data });
    expect(output).toContain("nothing is known yet");
    expect(output).toContain("1 failure: 1 defect (");
    expect(exitCode).toBe(0);
    expect((await keptIssues(data)).map(({ number }) => number)).toEqual([1]);
  });
});

describe("a folder", () => {
  test("of somebody else is neither used nor emptied", { timeout: timeoutMs }, async () => {
    const data = join(folder, "foreign");
    await mkdir(join(data, "fake"), { recursive: true });
    await writeFile(join(data, "fake", "thesis.txt"), "years of work");
    for (const parameters of [[], ["--reset"]]) {
      const { exitCode, errors } = await runDemo(parameters, { data });
      expect(errors).toContain("holds files that are not of this program. Choose another folder with --data.");
      expect(exitCode).toBe(2);
    }
    expect(await readdir(data, { recursive: true })).toEqual(["fake", join("fake", "thesis.txt")]);
  });

  test("that cannot be written to is told", { timeout: timeoutMs }, async () => {
    const file = join(folder, "file");
    await writeFile(file, "");
    await chmod(file, 0o400);
    for (const data of [file, join(file, "below")]) {
      const { exitCode, errors } = await runDemo([], { data });
      expect(errors).toContain(`${data} cannot be used: `);
      expect(exitCode).toBe(2);
    }
  });

  test("that cannot be made is told", { timeout: timeoutMs }, async ({ skip }) => {
    if (!existsSync("/proc/self")) skip("proc: there is no /proc, below which nobody can make a folder");
    const data = "/proc/backref/data";
    const { exitCode, errors } = await runDemo([], { data });
    expect(errors).toContain(`${data} cannot be used: `);
    expect(exitCode).toBe(2);
  });
});
