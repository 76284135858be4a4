import { linkStatusOf } from "../../engine/link-status.ts";
import type { LinkAttachment, LinkRow } from "../../storage/rows/link-rows.ts";
import { findByKeys } from "../find-by-keys.ts";
import { presentIssues } from "../issues/present-issues.ts";
import type { ServiceContext } from "../service-context.ts";
import type { LinkFile, SyncLink } from "./defects-types.ts";

const goneWords = {
  live: null,
  deleted: "The issue was deleted at the tracker. Detach the defect, and push it again for a new issue.",
  moved: "The issue was moved to a place that is not known. Attach the defect to it there.",
  "no-access": "The tracker does not show the issue to this account: it is deleted, moved or hidden.",
} as const;

/** Links as hosts see them, in order, with what is needed beside them read at once. */
export async function viewLinks(context: ServiceContext, links: readonly LinkRow[]): Promise<readonly SyncLink[]> {
  const { runtime, scope } = context;
  const { storage } = runtime;
  const unique = (values: readonly string[]) => [...new Set(values)].map((value) => [value]);
  const [issues, sources, commentLinks] = await Promise.all([
    findByKeys(storage, scope, "issue", "id", unique(links.flatMap((link) => link.issueId ?? []))),
    findByKeys(storage, scope, "source", "id", unique(links.map((link) => link.sourceId))),
    findByKeys(storage, scope, "commentLink", "link", unique(links.map((link) => link.id))),
  ]);
  const budgets = await findByKeys(storage, scope, "budget", "id", unique(sources.map((source) => source.budgetId)));
  const presented = await presentIssues(context, issues, sources);
  const now = runtime.clock.now();
  return links.map((link): SyncLink => {
    const issue = issues.find((row) => row.id === link.issueId) ?? null;
    const source = sources.find((row) => row.id === link.sourceId) ?? null;
    const budget = budgets.find((row) => row.id === source?.budgetId) ?? null;
    const refusedComments = commentLinks.filter((row) => row.linkId === link.id && row.refused !== null);
    const refused = [
      ...link.refused.map(({ field, reason }) => ({ field, reason })),
      ...link.attachments
        .filter(({ state }) => state === "refused")
        .map(({ fileName, reason }) => ({ field: "attachments", reason: `"${fileName}": ${reason ?? ""}` })),
      ...refusedComments.map((row) => ({ field: "comments", reason: row.refused ?? "" })),
    ];
    const derived = linkStatusOf({ link, issue, source, budget, storageNow: now });
    const status = derived.status === "synced" && refused.length > 0 ? "partial" : derived.status;
    const sourceWords = status === "blocked" && derived.blockedBy === "auth" ? (source?.healthReason ?? null) : null;
    const waitWords = status === "rate-limited" ? (budget?.reason ?? null) : null;
    const conflictWords =
      status === "conflict"
        ? `Both sides changed ${link.frozen.join(", ")}. Choose one: defects.resolve(linkId, { field, winner }).`
        : null;
    const pauseWords = status === "paused" ? "Paused: nothing travels until defects.resume(linkId)." : null;
    const heldWords = status === "held" ? (source?.heldReason ?? null) : null;
    const message =
      pauseWords ??
      conflictWords ??
      heldWords ??
      goneWords[issue?.state ?? "live"] ??
      link.failure?.message ??
      sourceWords ??
      waitWords ??
      refused[0]?.reason ??
      null;
    return {
      id: link.id,
      defectId: link.defectId,
      sourceId: link.sourceId,
      status,
      blockedBy: derived.blockedBy,
      issue: issue === null ? null : presented.view(issue),
      badge: issue === null ? null : { text: shortKey(issue.displayKey), url: issue.url },
      message: status === "synced" ? null : message,
      field: link.failure?.field ?? (status === "partial" ? (refused[0]?.field ?? null) : null),
      retryAt: status === "rate-limited" ? (budget?.blockedUntil ?? null) : (link.failure?.retryAt ?? null),
      refused,
      attachments: link.attachments.map(fileView),
      frozenFields: link.frozen,
      syncedAt: link.syncedAt,
      createdAt: link.createdAt,
    };
  });
}

function fileView({ state, intentAt, ...file }: LinkAttachment): LinkFile {
  const { reference, fileName, contentType, sizeBytes, by, reason, url } = file;
  const status = state === "waiting" && intentAt !== null ? "unknown" : state;
  return { reference, fileName, contentType, sizeBytes, by, status, reason, url };
}

/** `acme/web#12` is `#12` beside a defect; keys such as `ENG-12` stay whole. */
function shortKey(displayKey: string): string {
  const hash = displayKey.lastIndexOf("#");
  return hash > 0 ? displayKey.slice(hash) : displayKey;
}

export async function viewLink(context: ServiceContext, link: LinkRow): Promise<SyncLink> {
  const [view] = await viewLinks(context, [link]);
  if (view === undefined) throw new TypeError("A link has a view.");
  return view;
}
