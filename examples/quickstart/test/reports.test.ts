import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readReports } from "../src/reports.ts";

function suite(...names: readonly string[]): string {
  const cases = names.map((name) => `<testcase classname="shop" name="${name}"><failure>${name}</failure></testcase>`);
  return `<testsuite name="shop">${cases.join("")}</testsuite>`;
}

describe("reports", () => {
  let folder = "";
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "reports-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  test("of a folder come in order, others are passed over", async () => {
    await Promise.all([
      writeFile(join(folder, "night-10.xml"), suite("ten")),
      writeFile(join(folder, "night-9.XML"), suite("nine")),
      writeFile(join(folder, "pom.xml"), "<project/>"),
      writeFile(join(folder, "notes.txt"), "no report"),
      mkdir(join(folder, "older")),
    ]);
    const { files, failures } = await readReports([folder], "1");
    expect(files).toBe(2);
    expect(failures.map((failure) => failure.name)).toEqual(["nine", "ten"]);
  });

  test("give each result an id of its own, and none that is too long", async () => {
    const path = join(folder, "night.xml");
    const long = "x".repeat(300);
    await writeFile(path, suite("same", "same", `${long}1`, `${long}2`));
    const { failures } = await readReports([path], "1");
    expect(new Set(failures.map((failure) => failure.resultId)).size).toBe(4);
    expect(new Set(failures.map((failure) => failure.caseId)).size).toBe(3);
    expect(new Set(failures.map((failure) => failure.runId)).size).toBe(1);
    expect(failures.every(({ caseId, resultId }) => caseId.length <= 255 && resultId.length <= 255)).toBe(true);
    expect((await readReports([path], "1")).failures).toEqual(failures);
    const [next] = (await readReports([path], "2")).failures;
    expect(next?.caseId).toBe(failures[0]?.caseId);
    expect(next?.resultId).not.toBe(failures[0]?.resultId);
  });
});
