import type { PriorityMapping } from "@backref/core";
import type { RemoteField } from "../tracker/remote-tracker.ts";

/** What values of both sides stand for, written down apart from the engine's own mapping. */

export type LocalValue = string | null;

const remotePriority: Readonly<Record<string, string>> = {
  blocker: "priority:critical",
  critical: "priority:high",
  major: "priority:medium",
  minor: "priority:low",
  trivial: "priority:low",
};
const localPriority: Readonly<Record<string, string>> = {
  "priority:critical": "blocker",
  "priority:high": "critical",
  "priority:medium": "major",
  "priority:low": "minor",
};

/** Users of the host and their accounts. Cora's is told in the end only; nobody says whose `zoe` is. */
export const accounts: Readonly<Record<string, string>> = { ada: "kim", ben: "lena", cora: "max" };
export const lateUser = "cora";
export const strangeAccount = "zoe";

const userOf = (account: string): LocalValue =>
  Object.keys(accounts).find((user) => accounts[user] === account) ?? null;

/** The priority table as a source's mapping, for trackers with a field of their own. */
export const priorityMapping: readonly PriorityMapping[] = Object.entries(localPriority).map(([remote, primary]) => ({
  remote,
  local: Object.keys(remotePriority).filter((local) => remotePriority[local] === remote),
  primary,
}));

const plainText = (text: string) =>
  text
    .replace(/\r\n?/g, "\n")
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n")
    .trim();

/** A text without the blocks that begin and end with the same token. */
export function withoutBlocks(body: string): string {
  const text = body.replace(/\s*<!-- backref:(br-[0-9a-z]{26}) -->[\s\S]*?<!-- \/backref:\1 -->\s*/g, "\n\n");
  return plainText(text);
}

export function tokensOf(body: string): readonly string[] {
  return [...body.matchAll(/<!-- backref:(br-[0-9a-z]{26}) -->/g)].flatMap((match) => match[1] ?? []);
}

/** A local value in the words of the tracker. */
export function toRemote(field: RemoteField, local: LocalValue): string {
  switch (field) {
    case "title":
      return (local ?? "").replace(/\s+/g, " ").trim();
    case "description":
      // The block of an issue's former link comes in as text, and goes on from there to other issues.
      return withoutBlocks(local ?? "");
    case "status":
      return local === "closed" || local === "achieved" ? "closed" : "open";
    case "priority":
      return local === null ? "" : (remotePriority[local] ?? "?");
    case "assignee":
      return local === null ? "" : (accounts[local] ?? "?");
  }
}

/** The tracker's value as it is compared. */
export function remoteMeaning(field: RemoteField, raw: string): string {
  if (field === "title") return toRemote("title", raw);
  return field === "description" ? withoutBlocks(raw) : raw;
}

/** What comes in for a tracker's value; null where nothing stands for it. */
export function toLocal(field: RemoteField, meaning: string): LocalValue {
  if (field === "assignee") return userOf(meaning);
  return field === "priority" ? (localPriority[meaning] ?? null) : meaning;
}

/** True where the tracker's value stands for something here; of assignees nobody does, too. */
export function isMeant(field: RemoteField, meaning: string): boolean {
  return toLocal(field, meaning) !== null || (field === "assignee" && meaning === "");
}

export function isEquivalent(field: RemoteField, local: LocalValue, meaning: string): boolean {
  return toRemote(field, local) === meaning;
}
