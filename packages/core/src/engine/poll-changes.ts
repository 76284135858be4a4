import type { ChangesGroup, ChangesPage } from "../provider/groups/changes.ts";
import type { WebhookHint } from "../provider/groups/webhooks.ts";
import type { Runtime } from "../runtime/runtime.ts";
import type { SourceSession } from "../runtime/session.ts";
import type { PollScopeRow } from "../storage/rows/source-rows.ts";
import { newNameOf, renameContainer, renameIssues } from "./rename-container.ts";
import { routeHints } from "./route-hints.ts";

/** A row of a poll is a hint like any other. */
function hintsOf(page: ChangesPage): readonly WebhookHint[] {
  const issues = page.issues.map(
    (issue): WebhookHint => ({
      aspect: "issue",
      container: issue.container,
      remoteId: issue.remoteId,
      item: issue.item,
      issue,
      comment: null,
      change: "changed",
    }),
  );
  const comments = page.comments.map(
    ({ container, issueItem, comment }): WebhookHint => ({
      aspect: "comments",
      container,
      remoteId: null,
      item: issueItem,
      issue: null,
      comment,
      change: "changed",
    }),
  );
  const left = (page.left ?? []).map(
    (address): WebhookHint => ({ aspect: "issue", ...address, issue: null, comment: null, change: "moved" }),
  );
  return [...issues, ...comments, ...left];
}

/**
 * Asks the tracker what changed, page by page, and makes the links concerned due. Returns the cursor to go on from; null
 * where somebody else holds the scope by now.
 */
export async function pollChanges(
  runtime: Runtime,
  session: SourceSession,
  changes: ChangesGroup<unknown, unknown>,
  row: PollScopeRow,
  sendBy: number,
): Promise<string | null> {
  const { provider, source } = session;
  const scope = { tenantId: row.tenantId };
  let { cursor } = row;
  let newName: string | null = null;
  for (;;) {
    const page = await changes.list(session.call({ sendBy }), {
      container: row.container === "" ? null : row.container,
      cursor,
      startAt: row.startAt,
      withComments: provider.comments !== undefined && source.mapping.comments !== "never",
    });
    if (newName === null) {
      newName = newNameOf(provider, source, row, [...page.issues, ...page.comments]);
      if (newName !== null) await renameIssues(runtime, source, provider, row.container, newName);
    }
    const routed = await routeHints(runtime, source, provider, hintsOf(page), "poll");
    const effects = [...(routed.marks.length > 0 ? [{ write: routed.marks }] : []), ...routed.cacheUnits];
    if (effects.length > 0) await runtime.storage.commit(scope, effects);
    const isStuck = page.more && page.cursor === cursor;
    cursor = page.cursor;
    if (!page.more || isStuck) {
      const isOurs = newName === null || (await renameContainer(runtime, source, row, newName));
      return isOurs ? cursor : null;
    }
    // The cursor follows the effects it stands for, never the other way round.
    const [outcome] = await runtime.storage.commit(scope, [
      {
        require: [{ table: "pollScope", id: row.id, match: { fence: row.fence } }],
        write: [{ type: "update", table: "pollScope", id: row.id, set: { cursor } }],
      },
    ]);
    if (outcome?.status !== "committed") return null;
  }
}
