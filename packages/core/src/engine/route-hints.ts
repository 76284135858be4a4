import { isTooOld, tooOldSince } from "../issues/issue-age.ts";
import { issueRowUpdate } from "../issues/issue-cache.ts";
import { commentText } from "../mapping/comment-text.ts";
import type { FieldCodec } from "../mapping/field-codec.ts";
import { tokensIn } from "../mapping/managed-block.ts";
import type { WebhookHint } from "../provider/groups/webhooks.ts";
import type { Provider } from "../provider/provider.ts";
import { type ResolvedCapabilities, resolveSourceCapabilities } from "../provider/resolved-capabilities.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { siteOf } from "../runtime/session.ts";
import type { CommitUnit, MarkWrite } from "../storage/commit.ts";
import type { CommentLinkRow, LinkRow } from "../storage/rows/link-rows.ts";
import type { IssueRow } from "../storage/rows/reference-rows.ts";
import type { SourceRow } from "../storage/rows/source-rows.ts";
import { countKnown, isOnlyCounted } from "./comment-count.ts";
import { digestOf } from "./digest.ts";
import { mappingOfLink } from "./link-mapping.ts";

export interface RoutedHints {
  /** What makes links due; to be committed together with the delivery or before the cursor. */
  readonly marks: readonly MarkWrite[];
  /** Refreshes of cached issues; each stands for itself, since a newer copy may be there already. */
  readonly cacheUnits: readonly CommitUnit[];
  /** Per hint: it concerns an issue that is known here, or carries one of our tokens. */
  readonly routed: readonly boolean[];
}

interface Known {
  readonly issues: readonly IssueRow[];
  readonly links: readonly LinkRow[];
  readonly commentLinks: readonly CommentLinkRow[];
}

const isIdle = (link: LinkRow) => link.dueAt === null && link.leaseOwner === null;

function keyOf(provider: Provider, source: SourceRow, hint: WebhookHint): string | null {
  if (hint.container === null || hint.item === null) return null;
  return provider.formatIssue({ container: hint.container, item: hint.item }, siteOf(source)).canonicalKey;
}

async function loadKnown(
  runtime: Runtime,
  source: SourceRow,
  provider: Provider,
  hints: readonly WebhookHint[],
): Promise<Known> {
  const scope = { tenantId: source.tenantId };
  const { storage } = runtime;
  const remoteIds = [...new Set(hints.flatMap((hint) => hint.remoteId ?? []))];
  const keys = [
    ...new Set(hints.flatMap((hint) => (hint.remoteId === null ? (keyOf(provider, source, hint) ?? []) : []))),
  ];
  const tokens = [...new Set(hints.flatMap((hint) => (hint.issue === null ? [] : tokensIn(hint.issue.body))))];
  const [byId, byKey, byToken] = await Promise.all([
    storage.find(scope, { table: "issue", by: "remoteId", keys: remoteIds.map((id) => [source.id, id]) }),
    storage.find(scope, { table: "issue", by: "canonicalKey", keys: keys.map((key) => [source.id, key]) }),
    storage.find(scope, { table: "link", by: "token", keys: tokens.map((token) => [token]) }),
  ]);
  const issues = [...byId, ...byKey];
  const byIssue = await storage.find(scope, { table: "link", by: "issue", keys: issues.map((issue) => [issue.id, 1]) });
  const links = [...new Map([...byIssue, ...byToken].map((link) => [link.id, link])).values()].filter(
    (link) => link.active === 1 && link.sourceId === source.id,
  );
  const commentLinks = await storage.find(scope, {
    table: "commentLink",
    by: "link",
    keys: links.map((link) => [link.id]),
  });
  return { issues, links, commentLinks };
}

interface HintOfLink {
  readonly hint: WebhookHint;
  /** Version of the issue that a delivery tells of; null where it names none, and for polls, which find what was missed. */
  readonly told: number | null;
  readonly link: LinkRow;
  readonly commentLinks: readonly CommentLinkRow[];
  readonly codecs: readonly FieldCodec[];
  readonly capabilities: ResolvedCapabilities;
}

function isKnownComment({ hint, commentLinks, capabilities }: HintOfLink): boolean {
  const { comment } = hint;
  const row = commentLinks.find((entry) => entry.remoteId === comment?.remoteId);
  if (row !== undefined && isOnlyCounted(row)) return comment?.visibility !== "public";
  if (comment === null || row?.base == null || row.deletedAt !== null || row.missingSince !== null) return false;
  return commentText(comment.body, row, capabilities) === row.base.remote;
}

/** Changes that come this close together count as one: a poll finds what a delivery of the other did not ask for. */
const closestChangesMs = 1;

/** True where what a delivery tells was part of the last look, or of the answer to our own write, by its version alone. */
function isSeen({ hint, told, link, capabilities }: HintOfLink): boolean {
  if (told === null || told > link.seenVersion) return false;
  if (told < link.seenVersion) return true;
  // A whole issue is compared itself, with what has no part in versions, such as how many comments there are.
  return hint.issue === null && capabilities.versionGranularityMs <= closestChangesMs;
}

/** What a hint asks to look at; nothing where it tells only what is agreed already. That is believed of an idle link alone. */
function asksFor(request: HintOfLink): { readonly checkIssue?: true; readonly checkComments?: true } | null {
  const { hint, link, commentLinks, codecs } = request;
  const isBelieved = isIdle(link) && hint.change === "changed";
  if (hint.aspect === "comments") return isBelieved && isKnownComment(request) ? null : { checkComments: true };
  if (isBelieved && isSeen(request)) return null;
  if (!isBelieved || hint.issue === null || digestOf(codecs, hint.issue) !== link.seenDigest)
    return { checkIssue: true };
  const { commentCount } = hint.issue;
  return commentCount === null || commentCount === countKnown(commentLinks) ? null : { checkComments: true };
}

function cacheUnit(
  runtime: Runtime,
  source: SourceRow,
  provider: Provider,
  issue: IssueRow,
  hint: WebhookHint,
): CommitUnit | null {
  const format = (place: { readonly container: string; readonly item: string }) =>
    provider.formatIssue(place, siteOf(source));
  const now = runtime.clock.now();
  const isDeleted = hint.aspect === "issue" && hint.change === "deleted";
  if (!isDeleted && (hint.aspect !== "issue" || hint.issue === null || hint.issue.version <= issue.version))
    return null;
  const set = isDeleted
    ? issueRowUpdate(issue, { kind: "deleted" }, now, format)
    : hint.issue === null
      ? {}
      : issueRowUpdate(issue, { kind: "live", issue: hint.issue }, now, format);
  return {
    require: [{ table: "issue", id: issue.id, match: { version: issue.version } }],
    write: [{ type: "update", table: "issue", id: issue.id, set }],
  };
}

/**
 * A hint that an issue moved does not say where to, and no link will look: whoever reads the issue next finds it too old.
 * An age is all that is changed; what was known is shown until then.
 */
function agedUnit(runtime: Runtime, source: SourceRow, issue: IssueRow): CommitUnit | null {
  if (isTooOld(runtime, source, issue)) return null;
  return {
    require: [{ table: "issue", id: issue.id, match: { version: issue.version, fetchedAt: issue.fetchedAt } }],
    write: [{ type: "update", table: "issue", id: issue.id, set: { fetchedAt: tooOldSince(runtime, source) } }],
  };
}

/**
 * Finds out whom hints concern. Reads the storage, never the tracker, and changes nothing by itself.
 * @param from a poll's snapshots are whole; a webhook's only where the provider says so, else they say where to look
 */
export async function routeHints(
  runtime: Runtime,
  source: SourceRow,
  provider: Provider,
  hints: readonly WebhookHint[],
  from: "poll" | "webhook" = "webhook",
): Promise<RoutedHints> {
  if (hints.length === 0) return { marks: [], cacheUnits: [], routed: [] };
  const capabilities = resolveSourceCapabilities(provider, source.options);
  const isWhole = from === "poll" || capabilities.webhookPayload === "full";
  const scope = { tenantId: source.tenantId };
  const [known, targets] = await Promise.all([
    loadKnown(runtime, source, provider, hints),
    runtime.storage.find(scope, { table: "target", by: "source", keys: [[source.id]] }),
  ]);
  const marks: MarkWrite[] = [];
  const cacheUnits: CommitUnit[] = [];
  const routed = hints.map((hint) => {
    const key = keyOf(provider, source, hint);
    const issue = known.issues.find((row) =>
      hint.remoteId === null ? row.canonicalKey === key : row.remoteId === hint.remoteId,
    );
    const tokens = hint.issue === null ? [] : tokensIn(hint.issue.body);
    const links = known.links.filter(
      (link) =>
        (issue !== undefined && link.issueId === issue.id) || (link.issueId === null && tokens.includes(link.token)),
    );
    const believed = isWhole ? hint : { ...hint, issue: null };
    const told = from === "poll" ? null : (hint.issue?.version ?? hint.version ?? null);
    if (issue !== undefined) {
      const isUnwatched = hint.change === "moved" && links.length === 0;
      const unit = isUnwatched
        ? agedUnit(runtime, source, issue)
        : cacheUnit(runtime, source, provider, issue, believed);
      if (unit !== null) cacheUnits.push(unit);
    }
    for (const link of links) {
      const { codecs, mapping } = mappingOfLink({ runtime, capabilities, source, targets, link });
      const commentLinks = known.commentLinks.filter((row) => row.linkId === link.id);
      const flags = asksFor({ hint: believed, told, link, commentLinks, codecs, capabilities });
      const isUnwanted = flags?.checkComments === true && (mapping.comments === "never" || mapping.comments === "out");
      if (flags === null || isUnwanted) continue;
      const version = hint.issue === null ? {} : { version: hint.issue.version };
      marks.push({ type: "mark", table: "link", by: "id", keys: [[link.id]], afterMs: 0, ...flags, ...version });
    }
    return issue !== undefined || links.length > 0;
  });
  return { marks, cacheUnits, routed };
}
