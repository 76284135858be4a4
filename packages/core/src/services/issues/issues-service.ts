import { z } from "zod";
import type { Actor } from "../../domain/actor.ts";
import { parseInput, recordId } from "../../input/parse-input.ts";
import { isTooOld } from "../../issues/issue-age.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import { type Authoriser, notFound } from "../../security/authoriser.ts";
import type { IssueRow } from "../../storage/rows/reference-rows.ts";
import type { StorageScope } from "../../storage/storage.ts";
import { findByKeys } from "../find-by-keys.ts";
import { createSearchDesk, type SearchDesk } from "../issue-search/search-desk.ts";
import { searchIssues } from "../issue-search/search-issues.ts";
import type { IssuesService, RefreshSummary } from "../issues-types.ts";
import { refuseTransaction, type ServiceContext } from "../service-context.ts";
import { issueResources } from "./issue-access.ts";
import { presentIssues } from "./present-issues.ts";
import { refreshSource } from "./refresh-source.ts";
import { selectIssues } from "./select-issues.ts";
import { type OnStale, tellStale } from "./stale-issues.ts";

export interface IssuesOptions {
  /** @default nobody refreshes what is too old */
  readonly onStale?: OnStale;
  /** @default nobody else searches */
  readonly searches?: SearchDesk;
}

const refreshOptions = z.strictObject({ onlyStale: z.boolean().default(false) });

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
      const presented = await presentIssues(context, [row]);
      tellStale(context, presented, options.onStale, waitUntil);
      return presented.view(row);
    },
    search: (request) => searchIssues(context, options.searches ?? createSearchDesk(), request),
    async refresh(request, given = {}) {
      refuseTransaction(scope, "issues.refresh");
      const { onlyStale } = parseInput(refreshOptions, given, "options");
      return await refreshIssues(context, await selectIssues(context, request), onlyStale);
    },
  };
}

/** Reads the rows, source by source side by side, and sums up. */
async function refreshIssues(
  context: ServiceContext,
  rows: readonly IssueRow[],
  onlyStale: boolean,
): Promise<RefreshSummary> {
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
    [...bySource].map(([sourceId, part]) => {
      const source = sources.find(({ id }) => id === sourceId);
      const wanted = part.filter((row) => !onlyStale || source === undefined || isTooOld(runtime, source, row));
      return refreshSource(context, source, wanted);
    }),
  );
  const sum = (name: Exclude<keyof RefreshSummary, "problems" | "fresh">) =>
    parts.reduce((total, part) => total + part[name], 0);
  return {
    requested: rows.length,
    fresh: rows.length - sum("requested"),
    read: sum("read"),
    changed: sum("changed"),
    gone: sum("gone"),
    failed: sum("failed"),
    requests: sum("requests"),
    problems: parts.flatMap((part) => part.problems),
  };
}
