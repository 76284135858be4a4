import { z } from "zod";
import { hostId, parseInput, recordId, storableText } from "../../input/parse-input.ts";
import type { IssueRow } from "../../storage/rows/reference-rows.ts";
import { findByKeys } from "../find-by-keys.ts";
import type { IssueSearchRequest, IssueSearchResult } from "../issue-search-types.ts";
import { presentIssues } from "../issues/present-issues.ts";
import { refuseTransaction, type ServiceContext } from "../service-context.ts";
import { findNamedIssue } from "./find-named-issue.ts";
import { latelyLinked, linkedBefore, relationsOf } from "./linked-issues.ts";
import { matchOf, type Seen } from "./match-issues.ts";
import type { SearchDesk } from "./search-desk.ts";
import { limitedBy, orTrouble, type SearchPlace, searchPlace, whyNot } from "./search-place.ts";
import { searchTracker } from "./search-tracker.ts";

const searchRequest = z.strictObject({
  projectId: hostId,
  sourceId: recordId,
  text: storableText({ max: 4_000, trim: true }),
  object: z.object({ type: hostId, id: hostId }).exactOptional(),
  limit: z.int().min(1).max(50).default(20),
  signal: z.custom<AbortSignal>((value) => value instanceof AbortSignal, "must be an AbortSignal").exactOptional(),
});

type Request = z.infer<typeof searchRequest>;
type Limited = IssueSearchResult["limited"];

/** Words longer than this together are no search; a pasted text may be. */
const longestSearch = 256;

/** Syllables and ideographs say more than letters do. */
const denseScript = /[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Hangul}]/u;

export async function searchIssues(
  context: ServiceContext,
  desk: SearchDesk,
  given: IssueSearchRequest,
): Promise<IssueSearchResult> {
  const { authoriser, actor, scope } = context;
  refuseTransaction(scope, "issues.search");
  const request = parseInput(searchRequest, given, "search");
  const { projectId } = request;
  await authoriser.authorise(actor, "issue.search", {
    kind: "issue",
    tenantId: scope.tenantId,
    projectIds: [projectId],
  });
  const place = await searchPlace(context, request);
  const { signal: own, end } = desk.begin(actor, place.source.id);
  const signal = request.signal === undefined ? own : AbortSignal.any([own, request.signal]);
  try {
    return await search(context, place, request, signal);
  } finally {
    end();
  }
}

async function search(
  context: ServiceContext,
  place: SearchPlace,
  request: Request,
  signal: AbortSignal,
): Promise<IssueSearchResult> {
  const { text, limit } = request;
  signal.throwIfAborted();
  const named = text === "" ? null : await findNamedIssue(context, place, text, signal);
  const seen: Seen[] = named?.seen === undefined || named.seen === null ? [] : [named.seen];
  const lately = await latelyLinked(context, { projectId: place.projectId, sourceId: place.source.id });
  const known = await knownIssues(context, place, lately, text);
  for (const row of known) if (!seen.some((one) => one.row.id === row.id)) seen.push({ row, isStored: true });
  let containers: readonly string[] = [];
  let limited: Limited = named?.limited ?? null;
  const isAnswered = text === "" || named?.isFinal === true || seen.length >= limit;
  if (!isAnswered && limited === null) {
    limited = whyNotSearched(context, place, text);
    if (limited === null) {
      const words = text.slice(0, longestSearch);
      const found = await orTrouble(signal, () => searchTracker(context, place, words, limit, signal));
      if ("limited" in found) limited = found.limited;
      else {
        containers = place.containers;
        const shown = new Set(seen.map((one) => one.row.canonicalKey));
        seen.push(...found.answer.filter(({ row }) => !shown.has(row.canonicalKey)));
      }
    }
  }
  signal.throwIfAborted();
  const shown = seen.slice(0, limit);
  const unsure = shown.filter(({ row, isStored }) => isStored && !lately.has(row.id)).map(({ row }) => row);
  const [linked, relations, presented] = await Promise.all([
    linkedBefore(context, place.projectId, unsure),
    relationsOf(context, request.object),
    presentIssues(
      context,
      shown.map(({ row }) => row),
      [place.source],
    ),
  ]);
  signal.throwIfAborted();
  const items = shown.map(({ row }) =>
    matchOf(presented.view(row), {
      lastLinked: lately.get(row.id) ?? linked.get(row.id) ?? null,
      linkedBy: relations.get(row.id) ?? [],
    }),
  );
  return { items, containers, limited };
}

/** Issues of the latest links that have all the words in what is shown of them: this actor's first, then by time. */
async function knownIssues(
  context: ServiceContext,
  place: SearchPlace,
  lately: Awaited<ReturnType<typeof latelyLinked>>,
  text: string,
): Promise<readonly IssueRow[]> {
  const { runtime, scope } = context;
  const keys = [...lately.keys()].map((id) => [id]);
  const rows = (await findByKeys(runtime.storage, scope, "issue", "id", keys)).filter(({ state }) => state === "live");
  const presented = await presentIssues(context, rows, [place.source]);
  const words = text.toLowerCase().split(/\s+/);
  const isMatch = (row: IssueRow) => {
    const { key, title } = presented.view(row);
    const shown = `${key} ${title ?? ""}`.toLowerCase();
    return words.every((word) => shown.includes(word));
  };
  const use = ({ id }: IssueRow) => lately.get(id) ?? { at: 0, byActor: false };
  return rows
    .filter(isMatch)
    .toSorted((one, other) => Number(use(other).byActor) - Number(use(one).byActor) || use(other).at - use(one).at);
}

function whyNotSearched(context: ServiceContext, place: SearchPlace, text: string): Limited {
  const against = whyNot(context, place, "search");
  if (against !== null) return against;
  if (place.containers.length === 0) {
    const why = `Nobody says where issues of this project are in "${place.source.name}"`;
    return limitedBy("no-container", `${why}: an admin can give the source a target for it. Until then, paste an URL.`);
  }
  const least = denseScript.test(text) ? 2 : 3;
  if ([...text].length >= least) return null;
  return limitedBy("text-too-short", `Type at least ${least} characters to search in "${place.source.name}".`);
}
