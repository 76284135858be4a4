import assert from "node:assert/strict";
import type { IssueSnapshot } from "@backref/core/provider";
import type { TrackerIssue } from "./provider-tracker.ts";

/** Trackers may change line ends and cut space at the end. */
function plain(text: string): string {
  return text.replaceAll("\r\n", "\n").trimEnd();
}

function sorted(labels: readonly string[]): readonly string[] {
  return [...labels].sort();
}

/** Asserts that two texts are the same but for what trackers do to line ends. */
export function assertSameText(actual: string, expected: string, what: string): void {
  assert.equal(
    plain(actual),
    plain(expected),
    `${what}: expected ${JSON.stringify(expected)}, got ${JSON.stringify(actual)}`,
  );
}

export function assertSameLabels(actual: readonly string[], expected: readonly string[], what: string): void {
  const [got, wanted] = [sorted(actual), sorted(expected)];
  assert.deepEqual(got, wanted, `${what}: expected labels ${JSON.stringify(wanted)}, got ${JSON.stringify(got)}`);
}

/** Asserts that a snapshot says what the tracker itself says. */
export function assertTruth(snapshot: IssueSnapshot, truth: TrackerIssue, what: string): void {
  assert.equal(snapshot.item, truth.item, `${what}: item`);
  assertSameText(snapshot.title, truth.title, `${what}: title`);
  assertSameText(snapshot.body, truth.body, `${what}: body`);
  assert.equal(snapshot.state.category, truth.state, `${what}: state category`);
  assertSameLabels(snapshot.labels, truth.labels, what);
  if (truth.priority !== undefined) assert.equal(snapshot.priority, truth.priority, `${what}: priority`);
  if (snapshot.commentCount === null) return;
  assert.equal(snapshot.commentCount, truth.comments.length, `${what}: commentCount`);
}
