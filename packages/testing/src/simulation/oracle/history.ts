import type { FieldValue } from "@backref/core";
import type { LinkRow } from "@backref/core/storage";
import { type RemoteChange, type RemoteField, type RemoteTracker, remoteFields } from "../tracker/remote-tracker.ts";
import type { Findings } from "./findings.ts";
import { type LocalValue, remoteMeaning, tokensOf, withoutBlocks } from "./meaning.ts";
import type { Agreed, LocalEntry, OldRead, Recorded, RemoteEntry } from "./strand.ts";

/** What is known of a request when it leaves the engine. */
export interface WriteContext {
  readonly readAsOf: number | null;
  readonly isLate: boolean;
}

/** The order of everything: what both sides said, who made them say so, and what was recorded. */
export interface History {
  localField(defectId: string, field: RemoteField, value: LocalValue, by: LocalEntry["by"]): void;
  localComment(commentId: string, value: string | null, by: LocalEntry["by"]): void;
  recorded(linkId: string, field: string, row: Omit<Recorded, "order">): void;
  /** @param oldRead the read behind it, where that was older than the tracker declares */
  agreed(linkId: string, base: LinkRow["base"], oldRead: OldRead | null): void;
  remote(tracker: RemoteTracker, change: RemoteChange): void;
  /** The engine wrote what the field said already. */
  confirmed(tracker: RemoteTracker, issue: string, field: string): void;
  confirmedOf(tracker: RemoteTracker, issue: string, field: RemoteField): readonly number[];
  localOf(defectId: string, field: RemoteField): readonly LocalEntry[];
  remoteOf(tracker: RemoteTracker, issue: string, field: RemoteField): readonly RemoteEntry[];
  localCommentOf(commentId: string): readonly LocalEntry[];
  remoteCommentOf(tracker: RemoteTracker, commentId: string): readonly RemoteEntry[];
  recordedOf(linkId: string, field: string): readonly Recorded[];
  agreedOf(linkId: string, field: RemoteField): readonly Agreed[];
  /** Issues that carry a token and were made by the engine. */
  madeWith(token: string): readonly string[];
  /** A point in the order of things. */
  mark(): number;
  /** The issue that one has become by moves. */
  current(issue: string): string;
}

/** What a deleted comment says. */
export const deletedComment = "(deleted)";

/** The engine's own words for a tracker's value, in the judge's. */
function agreedMeaning(value: FieldValue): string {
  if (Array.isArray(value)) return value.join("|");
  return typeof value === "string" ? value.replace(/^category:/, "").trim() : "";
}

const keyOf = (...parts: readonly string[]) => parts.join("\n");

function listIn<Item>(lists: Map<string, Item[]>, key: string): Item[] {
  const list = lists.get(key) ?? [];
  lists.set(key, list);
  return list;
}

export function createHistory(options: {
  readonly now: () => number;
  readonly findings: Findings;
  readonly contextOf: (requestId: number) => WriteContext;
  readonly trace: (text: string) => void;
}): History {
  const { now, findings, contextOf, trace } = options;
  const nameOf = (by: LocalEntry["by"]) => (by === "person" ? "a person" : `link ${by.linkId.slice(-4)}`);
  const local = new Map<string, LocalEntry[]>();
  const remote = new Map<string, RemoteEntry[]>();
  const recorded = new Map<string, Recorded[]>();
  const confirmations = new Map<string, number[]>();
  const agreements = new Map<string, Agreed[]>();
  const issuesByToken = new Map<string, string[]>();
  const commentTokens = new Map<string, string>();
  const movedTo = new Map<string, string>();
  let order = 0;
  const next = () => {
    order += 1;
    return order;
  };

  const remoteField = (tracker: RemoteTracker, change: Extract<RemoteChange, { kind: "field" }>) => {
    const entries = listIn(remote, keyOf(tracker.provider.id, change.issue, change.field));
    const value = remoteMeaning(change.field, change.value);
    if (entries.at(-1)?.value === value) return;
    const context = change.requestId === null ? null : contextOf(change.requestId);
    entries.push({
      order: next(),
      at: now(),
      value,
      by: change.by,
      isInitial: change.before === null,
      readAsOf: context?.readAsOf ?? null,
      isLate: context?.isLate ?? false,
    });
    if (change.by === "person" && change.before !== null) findings.figures.trackerEdits += 1;
  };

  const remoteComment = (tracker: RemoteTracker, change: Extract<RemoteChange, { kind: "comment" }>) => {
    const entries = listIn(remote, keyOf(tracker.provider.id, "comment", change.commentId));
    const context = change.requestId === null ? null : contextOf(change.requestId);
    const value = change.action === "deleted" ? deletedComment : withoutBlocks(change.body);
    if (change.by === "person" && change.action !== "added") findings.figures.trackerEdits += 1;
    if (entries.at(-1)?.value === value) return;
    entries.push({
      order: next(),
      at: now(),
      value,
      by: change.by,
      isInitial: change.action === "added",
      readAsOf: context?.readAsOf ?? null,
      isLate: context?.isLate ?? false,
    });
  };

  const issueMade = (tracker: RemoteTracker, issue: string) => {
    findings.figures.creates += 1;
    for (const token of tokensOf(tracker.issue(issue)?.body ?? "")) {
      const made = listIn(issuesByToken, token);
      made.push(issue);
      if (made.length > 1) findings.add(`I2 ${made.length} issues were made for one link: ${made.join(", ")}`);
    }
  };

  const issueMoved = (tracker: RemoteTracker, from: string, to: string) => {
    movedTo.set(from, to);
    for (const field of remoteFields) {
      const before = listIn(remote, keyOf(tracker.provider.id, from, field));
      const after = listIn(remote, keyOf(tracker.provider.id, to, field));
      const joined = [...before, ...after.filter((entry) => entry.value !== before.at(-1)?.value)];
      remote.set(keyOf(tracker.provider.id, to, field), joined);
    }
  };

  return {
    localField(defectId, field, value, by) {
      const entries = listIn(local, keyOf(defectId, field));
      if (entries.length > 0 && entries.at(-1)?.value === value) return;
      if (by === "person" && entries.length > 0) findings.figures.hostEdits += 1;
      entries.push({ order: next(), at: now(), value, by });
      trace(`  defect ${defectId.slice(-4)}: ${field} = ${JSON.stringify(value)} by ${nameOf(by)}`);
    },
    localComment(commentId, value, by) {
      const entries = listIn(local, keyOf("comment", commentId));
      if (by === "person" && entries.length > 0) findings.figures.hostEdits += 1;
      entries.push({ order: next(), at: now(), value, by });
      trace(`  comment ${commentId.slice(-4)} = ${JSON.stringify(value)} by ${nameOf(by)}`);
    },
    recorded(linkId, field, row) {
      trace(`  conflict of link ${linkId.slice(-4)}: ${field} ${JSON.stringify(row)}`);
      findings.figures.conflicts += 1;
      listIn(recorded, keyOf(linkId, field)).push({ order: next(), ...row });
    },
    agreed(linkId, base, oldRead) {
      for (const field of remoteFields) {
        const pair = base[field];
        if (pair === undefined) continue;
        const pairs = listIn(agreements, keyOf(linkId, field));
        const local = typeof pair.local === "string" ? pair.local : null;
        const remote = agreedMeaning(pair.remote);
        const last = pairs.at(-1);
        if (last?.local === local && last.remote === remote) continue;
        pairs.push({ order: next(), local, remote, oldRead });
        trace(`  agreed by link ${linkId.slice(-4)}: ${field} ${JSON.stringify([local, remote])}`);
      }
    },
    remote(tracker, change) {
      if (change.kind === "field") return remoteField(tracker, change);
      if (change.kind === "issue") {
        if (change.action === "created" && change.by === "engine") issueMade(tracker, change.issue);
        if (change.action === "moved" && change.to !== null) issueMoved(tracker, change.issue, change.to);
        return;
      }
      remoteComment(tracker, change);
      if (change.by !== "engine" || change.action !== "added") return;
      for (const token of tokensOf(change.body)) {
        const known = commentTokens.get(token);
        if (known !== undefined)
          findings.add(`I2 comment ${change.body.slice(-12)} was posted twice: ${known} and ${change.commentId}`);
        commentTokens.set(token, change.commentId);
      }
    },
    confirmed(tracker, issue, field) {
      listIn(confirmations, keyOf(tracker.provider.id, issue, field)).push(next());
    },
    confirmedOf: (tracker, issue, field) => confirmations.get(keyOf(tracker.provider.id, issue, field)) ?? [],
    localOf: (defectId, field) => local.get(keyOf(defectId, field)) ?? [],
    remoteOf: (tracker, issue, field) => remote.get(keyOf(tracker.provider.id, issue, field)) ?? [],
    localCommentOf: (commentId) => local.get(keyOf("comment", commentId)) ?? [],
    remoteCommentOf: (tracker, commentId) => remote.get(keyOf(tracker.provider.id, "comment", commentId)) ?? [],
    agreedOf: (linkId, field) => agreements.get(keyOf(linkId, field)) ?? [],
    recordedOf: (linkId, field) => recorded.get(keyOf(linkId, field)) ?? [],
    madeWith: (token) => issuesByToken.get(token) ?? [],
    mark: () => order,
    current(issue) {
      let key = issue;
      for (let to = movedTo.get(key); to !== undefined; to = movedTo.get(key)) key = to;
      return key;
    },
  };
}
