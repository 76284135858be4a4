import type { SyncLink } from "@backref/core";
import type { CommentLinkRow, LinkRow } from "@backref/core/storage";
import { type RemoteIssueState, remoteFields, usualFields } from "../tracker/remote-tracker.ts";
import { tenantId } from "../world/hosted.ts";
import type { World, WorldSource } from "../world/world.ts";
import { judgeStrand } from "./judge-strand.ts";
import { accounts, isEquivalent, isMeant, lateUser, remoteMeaning, withoutBlocks } from "./meaning.ts";
import { commentStrand, isInherited, strandsOf } from "./strands.ts";

const scope = { tenantId };
const roundsPerChange = 8;
const sweepLooksMs = 30_000;

/** One link with both its sides, as they are in the end. */
interface Outcome {
  readonly row: LinkRow;
  readonly view: SyncLink;
  readonly source: WorldSource;
  readonly issue: RemoteIssueState | null;
}

async function outcomes(world: World): Promise<readonly Outcome[]> {
  const found: Outcome[] = [];
  for (const id of world.defects) {
    if (id === null || id === undefined) continue;
    const rows = await world.inner.find(scope, { table: "link", by: "defect", keys: [[id]] });
    const views = await world.drive(world.admin.links.links(id));
    for (const row of rows) {
      const source = world.sources.find((one) => one.id === row.sourceId);
      const view = views.find((one) => one.id === row.id);
      if (source === undefined || view === undefined) continue;
      const key = world.issueOfLink(row.id);
      found.push({ row, view, source, issue: key === null ? null : source.tracker.issue(key) });
    }
  }
  return found;
}

/** The same at rest: a sweep may have made idle links due at this very moment, and its look takes seconds. */
async function outcomesAtRest(world: World): Promise<readonly Outcome[]> {
  const all = await outcomes(world);
  if (all.every(({ view }) => view.status !== "pending")) return all;
  await world.loop.runUntil(world.loop.now() + sweepLooksMs);
  return outcomes(world);
}

const travelsWith = (world: World, { source }: Outcome): boolean =>
  world.options.profile.assignees && source.tracker.keepsAssignees;

/** A missing or doubtful priority label at the tracker changes nothing here and is told once. */
function isExcused({ row }: Outcome, field: string, meaning: string): boolean {
  // So does an account of which nobody has said whose it is.
  if (field === "assignee") return !isMeant("assignee", meaning) && row.reported.assignee !== undefined;
  if (field !== "priority") return false;
  return (meaning === "" || meaning.includes("|")) && row.reported.priority !== undefined;
}

function differences(world: World, outcome: Outcome): readonly string[] {
  const { row, issue } = outcome;
  if (issue === null) return ["no issue"];
  const link = world.watch.links.get(row.id);
  const isOurs = link !== undefined && isInherited(outcome.source.tracker, link, issue.key);
  return (travelsWith(world, outcome) ? remoteFields : usualFields).flatMap((field) => {
    if ((field === "description" && isOurs) || isFoughtOver(world, field)) return [];
    const local = world.history.localOf(row.defectId, field).at(-1)?.value ?? null;
    const meaning = remoteMeaning(field, issue.fields[field]);
    if (isEquivalent(field, local, meaning) || isExcused(outcome, field, meaning)) return [];
    return [`${field}: ${JSON.stringify(local)} here, ${JSON.stringify(meaning)} there`];
  });
}

/** I6: what a link says of itself is so, whether things are well or not. */
export async function checkTruth(world: World): Promise<void> {
  for (const outcome of await outcomes(world)) {
    const { view, issue } = outcome;
    if (view.status !== "synced") continue;
    if (issue?.isGone === true) world.findings.add(`I6 a link says synced although ${issue.key} is gone`);
    const found = differences(world, outcome);
    if (found.length > 0) world.findings.add(`I6 a link says synced, but ${found.join("; ")}`);
  }
}

/** What people do in the end about links that need them. */
export async function putRight(world: World): Promise<boolean> {
  let isDone = false;
  for (const outcome of await outcomes(world)) {
    const { view, source } = outcome;
    if (view.status === "detached") continue;
    if (travelsWith(world, outcome) && view.refused.some(({ field }) => field === "assignee")) {
      const account = { remoteId: accounts[lateUser] ?? "", userId: lateUser };
      await world.drive(world.admin.identities.set({ sourceId: source.id, ...account }));
      isDone = true;
    }
    if (view.status === "paused") {
      await world.drive(world.admin.links.resume(view.id));
      isDone = true;
    }
    if (["partial", "failed", "blocked"].includes(view.status)) {
      await world.drive(world.admin.links.retry(view.id));
      isDone = true;
    }
    for (const field of view.frozenFields) {
      await world.drive(world.admin.links.resolve(view.id, { field, winner: "remote" }));
      isDone = true;
    }
  }
  return isDone;
}

/** Where each tracker rewrites the other's titles, nobody's title is anybody's. */
function isFoughtOver(world: World, field: string): boolean {
  return world.options.profile.normalises && field.startsWith("title");
}

function checkEnd(world: World, outcome: Outcome): void {
  const { view, row, issue, source } = outcome;
  const { findings } = world;
  if (row.active === null) return;
  const made = world.history.madeWith(row.token);
  if (issue === null) {
    findings.add(`I1 a link ends as ${view.status} without an issue: ${view.message}`);
    return;
  }
  if (issue.isGone) {
    if (!["remote-deleted", "remote-moved", "no-access"].includes(view.status)) {
      findings.add(`I6 ${issue.key} is gone and its link says ${view.status}`);
    }
    return;
  }
  if (view.issue === null)
    findings.add(`I1 ${made.join(", ")} was made and its link does not know it (${view.status})`);
  const isFrozen = view.frozenFields.every((field) => isFoughtOver(world, field)) && view.status === "conflict";
  if (view.status !== "synced" && !isFrozen)
    findings.add(`I1 the link of ${issue.key} ends as ${view.status}: ${view.message}`);
  const found = differences(world, outcome);
  if (found.length > 0) findings.add(`I1 ${issue.key} at ${source.tracker.name} ends apart: ${found.join("; ")}`);
  const foreign = world.foreignLabels.get(issue.key) ?? [];
  const lost = foreign.filter((label) => !issue.labels.includes(label));
  if (lost.length > 0) findings.add(`I3 ${issue.key} lost labels of other people: ${lost.join(", ")}`);
}

interface CommentSides {
  readonly local: ReadonlyMap<string, { readonly body: string; readonly origin: string; readonly visibility: string }>;
  readonly rows: readonly CommentLinkRow[];
}

async function commentSides(world: World, row: LinkRow): Promise<CommentSides> {
  const comments = await world.drive(world.admin.people.comments(row.defectId));
  const rows = await world.inner.find(scope, { table: "commentLink", by: "link", keys: [[row.id]] });
  return { local: new Map(comments.map((comment) => [comment.id, comment])), rows };
}

/** Both sides have the same comments, apart from those that never travel and those deleted where they did not belong. */
async function checkComments(world: World, outcome: Outcome): Promise<void> {
  const { row, issue, source } = outcome;
  const { findings } = world;
  if (row.active === null || issue === null || issue.isGone) return;
  const { local, rows } = await commentSides(world, row);
  const byComment = new Map(rows.flatMap((one) => (one.commentId === null ? [] : [[one.commentId, one] as const])));
  const byRemote = new Map(rows.flatMap((one) => (one.remoteId === null ? [] : [[one.remoteId, one] as const])));
  for (const [id, comment] of local) {
    const known = byComment.get(id);
    const isInternal = comment.visibility === "internal";
    const isOfOther = comment.origin === "tracker" && known === undefined;
    if (isInternal && known !== undefined) findings.add(`I8 an internal comment of the host was sent: ${comment.body}`);
    if (isInternal || isOfOther) continue;
    if (known === undefined) findings.add(`I3 the host's comment "${comment.body}" never reached ${issue.key}`);
    if (known === undefined || known.deletedAt !== null) continue;
    const remote = issue.comments.find((one) => one.id === known.remoteId);
    if (remote === undefined)
      findings.add(`I1 the comment "${comment.body}" is not at ${issue.key}, and nothing says why`);
    else if (withoutBlocks(remote.body) !== withoutBlocks(comment.body)) {
      findings.add(`I1 a comment ends as "${comment.body}" here and "${withoutBlocks(remote.body)}" at ${issue.key}`);
    }
  }
  for (const remote of issue.comments) {
    const known = byRemote.get(remote.id);
    const isInternal = source.tracker.isInternalComment(remote.id);
    // It may be counted by its id; text or twin would be too much.
    const hasComeIn = known !== undefined && (known.commentId !== null || known.base !== null);
    if (isInternal && hasComeIn) findings.add(`I8 an internal comment of ${issue.key} came in`);
    if (isInternal) continue;
    if (known === undefined) findings.add(`I3 the comment "${remote.body}" of ${issue.key} never came in`);
    else if (known.commentId !== null && !local.has(known.commentId)) {
      findings.add(`I1 the comment "${remote.body}" of ${issue.key} is deleted here and not there`);
    }
  }
}

/** A fight ends: the loop breaker lets it go on for a few rounds after each change of a person's. */
function checkFight(world: World, { row, source, issue }: Outcome): void {
  if (!world.options.profile.normalises || issue === null) return;
  const remote = world.history.remoteOf(source.tracker, issue.key, "title");
  const writes = remote.filter((entry) => entry.by === "engine").length;
  const edits = world.history.localOf(row.defectId, "title").filter((entry) => entry.by === "person").length;
  const most = roundsPerChange * (edits + remote.length - writes + 4);
  if (writes > most) world.findings.add(`I4 two trackers fought over a title: ${writes} writes at ${issue.key}`);
}

/** Everything that can be said once all is quiet. */
export async function judgeEnd(world: World): Promise<void> {
  const all = await outcomesAtRest(world);
  for (const outcome of all) {
    checkEnd(world, outcome);
    checkFight(world, outcome);
    await checkComments(world, outcome);
    if (outcome.issue === null) continue;
    // An issue that has belonged to several links has one history for all of them.
    if (all.some((other) => other !== outcome && other.issue?.key === outcome.issue?.key)) continue;
    const { tracker } = outcome.source;
    const link = world.watch.links.get(outcome.row.id);
    if (link === undefined) continue;
    const fields = strandsOf(world.history, tracker, link, outcome.issue.key).filter(
      (strand) => !isFoughtOver(world, strand.name),
    );
    const rows = await world.inner.find(scope, { table: "commentLink", by: "link", keys: [[link.id]] });
    const comments = rows.flatMap((row) => commentStrand(world.history, tracker, row) ?? []);
    for (const strand of [...fields, ...comments]) {
      const isField = fields.includes(strand);
      const { violations, unseenOverwrites, lateOverwrites } = judgeStrand(
        strand,
        isField && tracker.capabilities.compareAndSet,
      );
      if (isField) world.findings.figures.unseenOverwrites += unseenOverwrites;
      if (isField) world.findings.figures.lateOverwrites += lateOverwrites;
      if (!isField) world.findings.figures.commentOverwrites += unseenOverwrites;
      for (const violation of violations) world.findings.add(violation);
    }
  }
  for (const { tracker } of world.sources) {
    for (const violation of tracker.violations()) world.findings.add(`contract of ${tracker.name}: ${violation}`);
  }
}
