import type { Actor } from "../../domain/actor.ts";
import { BackrefError } from "../../errors/index.ts";
import { messageOf } from "../../errors/message-of.ts";
import { parseInput, recordId } from "../../input/parse-input.ts";
import { issueView } from "../../issues/issue-cache.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import { type Authoriser, notFound } from "../../security/authoriser.ts";
import { redactSecrets } from "../../security/redact.ts";
import type { IssueRow } from "../../storage/rows/reference-rows.ts";
import type { StorageScope } from "../../storage/storage.ts";
import { findByKeys } from "../find-by-keys.ts";
import type { IssuesService, RefreshSummary } from "../issues-types.ts";
import { refuseTransaction, type ServiceContext } from "../service-context.ts";
import { issueResources } from "./issue-access.ts";
import { refreshSource } from "./refresh-source.ts";
import { selectIssues } from "./select-issues.ts";

export interface IssuesOptions {
  /** Told about cached issues that are too old, where the caller gave no `waitUntil`. Must not throw. @default nothing */
  readonly onStale?: (stale: { readonly tenantId: string; readonly issueIds: readonly string[] }) => void;
}

export function createIssuesService(
  runtime: Runtime,
  authoriser: Authoriser,
  actor: Actor,
  scope: StorageScope,
  options: IssuesOptions = {},
): IssuesService {
  const context: ServiceContext = { runtime, authoriser, actor, scope };
  return {
    async get(id, { waitUntil } = {}) {
      const issueId = parseInput(recordId, id, "issue id");
      const [row] = await runtime.storage.find(scope, { table: "issue", by: "id", keys: [[issueId]] });
      if (row === undefined) throw notFound({ kind: "issue", id: issueId });
      const resourceOf = await issueResources(context, [row]);
      await authoriser.authorise(actor, "issue.read", resourceOf(row));
      if (isStale(runtime, row) && scope.transaction === undefined) {
        if (waitUntil === undefined) options.onStale?.({ tenantId: scope.tenantId, issueIds: [row.id] });
        else waitUntil(refreshQuietly(context, [row]));
      }
      return issueView(row, runtime.clock.now());
    },
    async refresh(request) {
      refuseTransaction(scope, "issues.refresh");
      return await refreshIssues(context, await selectIssues(context, request));
    },
  };
}

/** Reads the rows, source by source side by side, and sums up. */
export async function refreshIssues(context: ServiceContext, rows: readonly IssueRow[]): Promise<RefreshSummary> {
  const { runtime, scope } = context;
  const bySource = Map.groupBy(rows, (row) => row.sourceId);
  const sources = await findByKeys(
    runtime.storage,
    scope,
    "source",
    "id",
    [...bySource.keys()].map((id) => [id]),
  );
  const parts = await Promise.all(
    [...bySource].map(([sourceId, part]) =>
      refreshSource(
        context,
        sources.find((source) => source.id === sourceId),
        part,
      ),
    ),
  );
  const sum = (name: Exclude<keyof RefreshSummary, "problems">) => parts.reduce((total, part) => total + part[name], 0);
  return {
    requested: rows.length,
    read: sum("read"),
    changed: sum("changed"),
    gone: sum("gone"),
    failed: sum("failed"),
    requests: sum("requests"),
    problems: parts.flatMap((part) => part.problems),
  };
}

function isStale(runtime: Runtime, row: IssueRow): boolean {
  return row.fetchedAt === null || runtime.clock.now() - row.fetchedAt > runtime.limits.issueMaxAgeMs;
}

async function refreshQuietly(context: ServiceContext, rows: readonly IssueRow[]): Promise<void> {
  try {
    await refreshIssues(context, rows);
  } catch (error) {
    context.runtime.logger.log("warn", "Cached issues could not be refreshed in the background.", {
      tenantId: context.scope.tenantId,
      code: BackrefError.isInstance(error) ? error.code : null,
      reason: redactSecrets(messageOf(error)),
    });
  }
}
