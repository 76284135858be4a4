import { setTimeout as sleep } from "node:timers/promises";
import type { DefaultVocabulary, LinkStatus, PriorityOf } from "@backref/core";
import { type App, type DefectView, issueNumberOf, viewDefects } from "./app.ts";
import type { Person, SeenIssue } from "./people.ts";

/** The default mapping of priorities: two of ours share the label of the lowest. */
export const labelOfPriority: Readonly<Record<PriorityOf<DefaultVocabulary>, string>> = {
  blocker: "priority:critical",
  critical: "priority:high",
  major: "priority:medium",
  minor: "priority:low",
  trivial: "priority:low",
};

/** Jira's own priorities, by id, under the names that they have here. */
export const priorityOfLabel: Readonly<Record<string, string>> = {
  "priority:critical": "1",
  "priority:high": "2",
  "priority:medium": "3",
  "priority:low": "4",
};

/** On its way by itself; everything else but `synced` needs somebody. */
const underWay: readonly LinkStatus[] = ["creating", "pending", "retrying", "rate-limited", "outcome-unknown"];

/** Where the two sides differ, in words; empty where they agree. */
export function differencesOf(view: DefectView, issue: SeenIssue, tracker = "GitHub"): string[] {
  const { defect, comments } = view;
  const category = defect.status === "closed" || defect.status === "achieved" ? "closed" : "open";
  const labels = issue.labels.filter((label) => label.startsWith("priority:"));
  const expected = defect.priority === null ? [] : [labelOfPriority[defect.priority]];
  const missing = comments.filter((comment) => !issue.comments.some((body) => body.includes(comment.body)));
  return [
    ...(defect.title === issue.title ? [] : [`title "${defect.title}" here, "${issue.title}" at ${tracker}`]),
    ...(category === issue.state ? [] : [`status ${defect.status} here, ${issue.state} at ${tracker}`]),
    ...(labels.join() === expected.join()
      ? []
      : [`priority ${defect.priority} here, labels "${labels}" at ${tracker}`]),
    ...(missing.length === 0 && comments.length === issue.comments.length
      ? []
      : [`${comments.length} comments here, ${issue.comments.length} at ${tracker}`]),
  ];
}

/**
 * Waits until every link is at rest and the tracker itself, read past Backref, shows the same as the defects.
 * @returns what still differs when time is up, or as soon as a link needs somebody; empty where both sides agree
 */
export async function waitForAgreement(request: {
  readonly app: App;
  readonly person: Person;
  /** The tracker's name. */
  readonly trackerName: string;
  readonly defectIds: readonly string[];
  readonly patienceMs: number;
  readonly lookEveryMs: number;
  /** Told after every look how much is still open. */
  readonly onLook: (open: number) => void;
}): Promise<readonly string[]> {
  const { app, person, trackerName, defectIds, patienceMs, lookEveryMs, onLook } = request;
  const until = performance.now() + patienceMs;
  for (;;) {
    const views = await viewDefects(app, defectIds);
    const stuck = views.filter(({ link }) => link?.status !== "synced" && !underWay.includes(link?.status ?? "failed"));
    if (stuck.length > 0) return stuck.map(describeLink);
    const moving = views.filter(({ link }) => link?.status !== "synced");
    const problems = moving.length > 0 ? moving.map(describeLink) : await compareAll(views, person, trackerName);
    if (problems.length === 0 || performance.now() > until) return problems;
    onLook(problems.length);
    await sleep(lookEveryMs);
  }
}

async function compareAll(views: readonly DefectView[], person: Person, trackerName: string): Promise<string[]> {
  const compared = await Promise.all(
    views.map(async (view) => {
      const differences = differencesOf(view, await person.look(issueNumberOf(view)), trackerName);
      return differences.map((difference) => `${view.link?.badge?.text}: ${difference}`);
    }),
  );
  return compared.flat();
}

function describeLink({ defect, link }: DefectView): string {
  const name = link?.badge?.text ?? `"${defect.title}"`;
  return `${name} is ${link?.status ?? "not pushed"}${link?.message ? `: ${link.message}` : ""}`;
}
