import { setTimeout as sleep } from "node:timers/promises";
import type { LinkStatus } from "@backref/core";
import { type App, type DefectView, issueNumberOf, viewDefects } from "./app.ts";
import type { SeenIssue, Tracker } from "./tracker.ts";

/** On its way by itself; everything else but `synced` needs somebody. */
const underWay: readonly LinkStatus[] = ["creating", "pending", "retrying", "rate-limited", "outcome-unknown"];

/** Where the two sides differ, in words; empty where they agree. */
export function differencesOf(
  view: DefectView,
  issue: SeenIssue,
  { product, priorityNames }: Pick<Tracker, "product" | "priorityNames">,
): string[] {
  const { defect, comments } = view;
  const category = defect.status === "closed" || defect.status === "achieved" ? "closed" : "open";
  const expected = defect.priority === null ? [] : [priorityNames[defect.priority]];
  const missing = comments.filter((comment) => !issue.comments.some((body) => body.includes(comment.body)));
  return [
    ...(defect.title === issue.title ? [] : [`title "${defect.title}" here, "${issue.title}" at ${product}`]),
    ...(category === issue.state ? [] : [`status ${defect.status} here, ${issue.state} at ${product}`]),
    ...(issue.priorities.join() === expected.join()
      ? []
      : [`priority ${defect.priority} here, "${issue.priorities}" at ${product}`]),
    ...(missing.length === 0 && comments.length === issue.comments.length
      ? []
      : [`${comments.length} comments here, ${issue.comments.length} at ${product}`]),
  ];
}

/**
 * Waits until every link is at rest and the tracker itself, read past Backref, shows the same as the defects.
 * @returns what still differs when time is up, or as soon as a link needs somebody; empty where both sides agree
 */
export async function waitForAgreement(request: {
  readonly app: App;
  readonly tracker: Tracker;
  readonly defectIds: readonly string[];
  readonly patienceMs: number;
  readonly lookEveryMs: number;
  /** Told after every look how much is still open. */
  readonly onLook: (open: number) => void;
}): Promise<readonly string[]> {
  const { app, tracker, defectIds, patienceMs, lookEveryMs, onLook } = request;
  const until = performance.now() + patienceMs;
  for (;;) {
    const views = await viewDefects(app, defectIds);
    const stuck = views.filter(({ link }) => link?.status !== "synced" && !underWay.includes(link?.status ?? "failed"));
    if (stuck.length > 0) return stuck.map(describeLink);
    const moving = views.filter(({ link }) => link?.status !== "synced");
    const problems = moving.length > 0 ? moving.map(describeLink) : await compareAll(views, tracker);
    if (problems.length === 0 || performance.now() > until) return problems;
    onLook(problems.length);
    await sleep(lookEveryMs);
  }
}

async function compareAll(views: readonly DefectView[], tracker: Tracker): Promise<string[]> {
  const compared = await Promise.all(
    views.map(async (view) => {
      const differences = differencesOf(view, await tracker.person.look(issueNumberOf(view)), tracker);
      return differences.map((difference) => `${view.link?.badge?.text}: ${difference}`);
    }),
  );
  return compared.flat();
}

function describeLink({ defect, link }: DefectView): string {
  const name = link?.badge?.text ?? `"${defect.title}"`;
  return `${name} is ${link?.status ?? "not pushed"}${link?.message ? `: ${link.message}` : ""}`;
}
