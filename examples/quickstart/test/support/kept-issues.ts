import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createFakeGitHub, type FakeIssue } from "@backref/testing/github";

/** The issues of the fake GitHub that a run has left in this data folder. */
export async function keptIssues(data: string): Promise<readonly FakeIssue[]> {
  const { state } = JSON.parse(await readFile(join(data, "fake", "github.json"), "utf8")) as { state: unknown };
  return createFakeGitHub({ state }).issues("acme/shop");
}

/** Ids of the defects that issues were made for, as the link in each one's text says. */
export function defectIdsOf(issues: readonly FakeIssue[]): readonly string[] {
  return issues.map(({ body }) => /defects\/([0-9a-f-]{36})/.exec(body ?? "")?.[1] ?? "none");
}
