import type { CommentLinkRow } from "@backref/core/storage";
import { type RemoteField, type RemoteTracker, remoteFields } from "../tracker/remote-tracker.ts";
import { deletedComment, type History } from "./history.ts";
import { isEquivalent, isMeant, priorityMapping, tokensOf, toLocal, toRemote, withoutBlocks } from "./meaning.ts";
import type { Agreed, RemoteEntry, Strand } from "./strand.ts";
import type { WatchedLink } from "./watch-storage.ts";

/** As long as the requests of one change may take. */
const oneChangeMs = 10_000;

/** Of two priority labels at once, either may be the one that counts. */
const labelsIn = (remote: string) => remote.split("|");

/** True where a link was attached to an issue whose text has a block of another link. */
export function isInherited(tracker: RemoteTracker, link: WatchedLink, issue: string): boolean {
  const tokens = tokensOf(tracker.issue(issue)?.body ?? "");
  return link.attachedTo !== null && tokens.some((token) => token !== link.token);
}

/** Several requests may make one change of a set: what was there in between is nobody's value. */
function withoutSteps(entries: readonly RemoteEntry[]): readonly RemoteEntry[] {
  return entries.filter((entry, index) => {
    const next = entries[index + 1];
    const isStep = entry.by === "engine" && !entry.isInitial && next?.by === "engine";
    return !isStep || next.at - entry.at > oneChangeMs;
  });
}

/** What an issue said when a link was attached to it is where that link's history begins, whoever had written it. */
function since(entries: readonly RemoteEntry[], order: number): readonly RemoteEntry[] {
  const before = entries.findLast((entry) => entry.order <= order);
  const later = entries.filter((entry) => entry.order > order);
  return before === undefined ? later : [{ ...before, by: "person", isInitial: true }, ...later];
}

/** What both sides agreed on, in the judge's words where the tracker, or the mapping for it, has words of its own. */
function inOurWords(tracker: RemoteTracker, field: RemoteField, pairs: readonly Agreed[]): readonly Agreed[] {
  const mapped = (tracker.mapping.priority ?? []).map(({ remote, primary }) => {
    const word = priorityMapping.find((entry) => entry.primary === primary)?.remote;
    return [remote, word ?? remote] as const;
  });
  const words = new Map(field === "priority" ? mapped : []);
  return pairs.map((pair) => {
    const remote = tracker.wordOf?.(field, pair.remote) ?? pair.remote;
    return { ...pair, remote: words.get(remote) ?? remote };
  });
}

/** The values of one link, each with all that happened to it. */
export function strandsOf(
  history: History,
  tracker: RemoteTracker,
  link: WatchedLink,
  issue: string,
): readonly Strand[] {
  // A block that another link has left in the text is people's text to the new one.
  const fields = remoteFields
    .filter((field) => field !== "description" || !isInherited(tracker, link, issue))
    .filter((field) => field !== "assignee" || tracker.keepsAssignees);
  return fields.map((field): Strand => {
    const values = (remote: string) => (field === "priority" ? labelsIn(remote) : [remote]);
    const entries = since(history.remoteOf(tracker, issue, field), link.attachedTo === null ? 0 : link.since);
    const isText = field === "title" || field === "description";
    return {
      name: `${field} of ${issue}`,
      linkId: link.id,
      local: history.localOf(link.defectId, field),
      remote: field === "priority" && tracker.name === "github" ? withoutSteps(entries) : entries,
      recorded: history.recordedOf(link.id, field),
      agreed: inOurWords(tracker, field, history.agreedOf(link.id, field)),
      confirmed: history.confirmedOf(tracker, issue, field),
      nobodyGivesWay: field === "assignee",
      isEquivalent: (local, remote) => values(remote).some((value) => isEquivalent(field, local, value)),
      hasReached: (local, remote, agreed) => {
        // Who is taken off here is taken off there; those whom nobody knows stay.
        if (field === "assignee" && local === null) return remote === "" || !isMeant(field, remote);
        if (field !== "priority") return isEquivalent(field, local, remote);
        const [wanted, gone, there] = [toRemote(field, local), labelsIn(agreed), labelsIn(remote)];
        return (
          (wanted === "" || there.includes(wanted)) &&
          gone.every((label) => label === wanted || !there.includes(label) || label === "")
        );
      },
      isRest(after, before, agreed) {
        if (field !== "priority") return false;
        const [rest, there, gone] = [labelsIn(after), labelsIn(before), labelsIn(agreed)];
        return (
          rest.every((label) => there.includes(label)) &&
          there.every((label) => rest.includes(label) || gone.includes(label))
        );
      },
      brings: (remote, local) =>
        values(remote).some((value) =>
          isText
            ? isEquivalent(field, local, value)
            : toLocal(field, value) === local && (field !== "assignee" || isMeant(field, value)),
        ),
      isMeant: (remote) => isText || values(remote).some((value) => isMeant(field, value)),
    };
  });
}

/** What is left once one side has deleted a comment is judged by how it ends. */
function untilDeleted<Entry extends { readonly value: string | null }>(entries: readonly Entry[]): readonly Entry[] {
  const end = entries.findIndex((entry) => entry.value === null || entry.value === deletedComment);
  return end < 0 ? entries : entries.slice(0, end);
}

/** The text of one comment and its twin. */
export function commentStrand(history: History, tracker: RemoteTracker, row: CommentLinkRow): Strand | null {
  if (row.commentId === null || row.remoteId === null) return null;
  const local = history.localCommentOf(row.commentId);
  const isSame = (here: string | null, there: string) => withoutBlocks(here ?? "") === there;
  return {
    name: `comment ${row.remoteId}`,
    linkId: row.linkId,
    // Several links share a comment's histories here, but only that of the text it came in by brings others in.
    local: untilDeleted(local),
    remote: untilDeleted(history.remoteCommentOf(tracker, row.remoteId)),
    recorded: history.recordedOf(row.linkId, "comments"),
    agreed: [],
    confirmed: [],
    nobodyGivesWay: false,
    isEquivalent: isSame,
    hasReached: isSame,
    isRest: () => false,
    brings: (remote, value) => isSame(value, remote),
    isMeant: () => true,
  };
}
