import type { IssueAddress } from "../../domain/issue-snapshot.ts";
import { BackrefError } from "../../errors/index.ts";
import { issueAddress } from "../../issues/issue-cache.ts";
import type { ReadOutcome } from "../../provider/groups/read.ts";
import type { IssueRow } from "../../storage/rows/reference-rows.ts";
import type { IssueSearchResult } from "../issue-search-types.ts";
import { goneError } from "../references/read-new-issues.ts";
import { isAllowed, type NamedIssue, resolveIssueText } from "../references/resolve-issue-text.ts";
import type { ServiceContext } from "../service-context.ts";
import { askWhileTyping } from "./ask-while-typing.ts";
import { type Seen, seenIssues, unstoredRow } from "./match-issues.ts";
import { limitedBy, orTrouble, type SearchPlace, whyNot } from "./search-place.ts";

interface Named {
  readonly seen: Seen | null;
  /** True where looking for the text as words would say nothing more. */
  readonly isFinal: boolean;
  readonly limited: IssueSearchResult["limited"];
}

/**
 * The issue that a text names by key or URL: as it is known, else as the tracker has it. Null for words.
 * @throws BackrefError what `references.add` throws for a URL that is not to be linked
 */
export async function findNamedIssue(
  context: ServiceContext,
  place: SearchPlace,
  text: string,
  signal: AbortSignal,
): Promise<Named | null> {
  const { runtime, scope } = context;
  const issue = namedIn(context, place, text);
  if (issue === null) return null;
  const key = [place.source.id, issue.formatted.canonicalKey];
  const [stored] = await runtime.storage.find(scope, { table: "issue", by: "canonicalKey", keys: [key] });
  if (stored !== undefined && stored.fetchedAt !== null) {
    return { seen: { row: stored, isStored: true }, isFinal: true, limited: null };
  }
  const unread: Seen =
    stored === undefined
      ? { row: unstoredRow(context, place, issue), isStored: false }
      : { row: stored, isStored: true };
  const against = whyNot(context, place, "read");
  // It can be linked all the same; that it cannot be looked at is told, unless that is all there is to such a tracker.
  if (against !== null) return { seen: unread, isFinal: true, limited: against };
  const read = await orTrouble(signal, () => readNamed(context, place, unread.row, signal));
  if ("limited" in read) return { seen: unread, isFinal: true, limited: read.limited };
  const outcome = read.answer;
  if (outcome.kind === "live") {
    const [seen] = await seenIssues(context, place, [outcome.issue]);
    if (seen !== undefined && isAllowed(place, seen.row)) return { seen, isFinal: true, limited: null };
  }
  if (!isUrl(text)) return { seen: null, isFinal: false, limited: null };
  const why = goneError(issue, outcome)?.message ?? `${issue.formatted.displayKey} cannot be linked.`;
  return { seen: null, isFinal: true, limited: limitedBy("not-found", why) };
}

function isUrl(text: string): boolean {
  return /^https?:\/\//i.test(text);
}

function namedIn({ runtime }: ServiceContext, place: SearchPlace, text: string): NamedIssue | null {
  const { choice, projectId, source } = place;
  try {
    return resolveIssueText(runtime, [choice], { text, projectId, sourceId: source.id });
  } catch (error) {
    const isWords =
      BackrefError.isInstance(error) && ["issue-not-recognised", "container-required"].includes(error.code);
    if (isWords && !isUrl(text)) return null;
    throw error;
  }
}

/** One look; a second one where the tracker says that the issue lives elsewhere. */
async function readNamed(
  context: ServiceContext,
  place: SearchPlace,
  row: IssueRow,
  signal: AbortSignal,
): Promise<ReadOutcome> {
  return await askWhileTyping(context, place.source, signal, async (session, call): Promise<ReadOutcome> => {
    const read = async (address: IssueAddress): Promise<ReadOutcome> =>
      (await session.provider.read?.issues(call, { issues: [address] }))?.[0] ?? { kind: "no-access" };
    const outcome = await read(issueAddress(row));
    return outcome.kind === "moved" && outcome.to !== null && isAllowed(place, outcome.to)
      ? await read(outcome.to)
      : outcome;
  });
}
