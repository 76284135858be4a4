import { type App, type DefectView, issueNumberOf, viewDefects } from "./app.ts";
import type { Failure } from "./reports.ts";
import type { Tracker } from "./tracker.ts";

/** The defects of a run. */
export interface Reported {
  readonly defectIds: readonly string[];
  /** How many of them there were none of before. */
  readonly created: number;
}

/** Every failure becomes a defect, or one more occurrence of the open defect that is known for it. */
export async function reportFailures(app: App, projectId: string, failures: readonly Failure[]): Promise<Reported> {
  const defectIds = new Set<string>();
  let defectsCreated = 0;
  for (const { caseId, runId, resultId, name, kind, message, details, startedAt } of failures) {
    const { defect, created } = await app.defects.report({
      projectId,
      priority: kind === "error" ? "critical" : "major",
      failure: {
        caseId,
        runId,
        resultId,
        title: crop(`${name.split(" > ").at(-1)}: ${message}`, 200),
        details: crop(details, 20_000),
        ...(startedAt === null ? {} : { at: startedAt }),
      },
    });
    defectIds.add(defect.id);
    if (created) defectsCreated += 1;
  }
  return { defectIds: [...defectIds], created: defectsCreated };
}

/** Somebody looks at the last one and finds that it hardly matters. It goes out as `minor` does. */
export async function triage(app: App, defectIds: readonly string[]): Promise<void> {
  const last = defectIds.at(-1);
  if (last !== undefined) await app.defects.update(last, { priority: "trivial" });
}

/** All at once; trouble at the tracker is a status of the link, so nothing is thrown for it. */
export async function pushAll(app: App, defectIds: readonly string[], onPushed: (done: number) => void): Promise<void> {
  let done = 0;
  const push = async (defectId: string): Promise<void> => {
    await app.defects.push(defectId);
    done += 1;
    onPushed(done);
  };
  await Promise.all(defectIds.map(push));
}

/** Somebody at the tracker closes one issue, gives another a new priority and comments on the last. Tells what they did. */
export async function workAtTracker(
  app: App,
  { person, priorityNames }: Tracker,
  defectIds: readonly string[],
): Promise<string> {
  const views = await viewDefects(app, defectIds);
  const [closed, ranked, commented] = [pick(views, 0), pick(views, 1), pick(views, views.length - 1)];
  const before = priorityNames[ranked.defect.priority ?? "major"];
  const after = before === priorityNames.blocker ? priorityNames.minor : priorityNames.blocker;
  await person.closeIssue(issueNumberOf(closed));
  await person.setPriority(issueNumberOf(ranked), before, after);
  await person.comment(issueNumberOf(commented), "I can see it as well.\n\nOnly with **two** articles or more.");
  return `closed ${badgeOf(closed)}, gave ${badgeOf(ranked)} the priority ${after} and commented on ${badgeOf(commented)}`;
}

/** And in the host, where tests live, somebody changes another defect. */
export async function workAtHost(app: App, defectIds: readonly string[]): Promise<string> {
  const view = pick(await viewDefects(app, defectIds), 2);
  const { id, status, priority } = view.defect;
  const next = {
    status: status === "closed" ? "open" : "closed",
    priority: priority === "blocker" ? "major" : "blocker",
  } as const;
  await app.defects.update(id, next);
  await app.comments.add({ defectId: id, body: "The fix is in the next release; I checked it by hand." });
  return `made ${badgeOf(view)} ${next.status} and ${next.priority} and commented on it`;
}

/** With few defects one plays several parts. */
function pick(views: readonly DefectView[], index: number): DefectView {
  const view = views[index] ?? views.at(-1);
  if (view === undefined) throw new TypeError("There are no defects.");
  return view;
}

function badgeOf({ link }: DefectView): string {
  return link?.badge?.text ?? "?";
}

function crop(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}
