import { z } from "zod";
import type { Actor } from "../../domain/actor.ts";
import { parseInput, recordId } from "../../input/parse-input.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import { type Authoriser, notFound } from "../../security/authoriser.ts";
import type { StorageScope } from "../../storage/storage.ts";
import { createSearchDesk, type SearchDesk } from "../issue-search/search-desk.ts";
import { searchIssues } from "../issue-search/search-issues.ts";
import type { IssuesService } from "../issues-types.ts";
import type { Progress } from "../progress.ts";
import { refuseTransaction, type ServiceContext } from "../service-context.ts";
import { issueResources } from "./issue-access.ts";
import { presentIssues } from "./present-issues.ts";
import { refreshIssues } from "./refresh-issues.ts";
import { selectIssues } from "./select-issues.ts";
import { type OnStale, parseReadOptions, tellStale } from "./stale-issues.ts";

export interface IssuesOptions {
  /** @default nobody refreshes what is too old */
  readonly onStale?: OnStale;
  /** @default nobody else searches */
  readonly searches?: SearchDesk;
}

const refreshOptions = z.strictObject({
  onlyStale: z.boolean().default(false),
  onProgress: z.custom<(progress: Progress) => unknown>((value) => typeof value === "function").optional(),
  signal: z.custom<AbortSignal>((value) => value instanceof AbortSignal, "must be an AbortSignal").optional(),
});

export function createIssuesService(
  runtime: Runtime,
  authoriser: Authoriser,
  actor: Actor,
  scope: StorageScope,
  options: IssuesOptions = {},
): IssuesService {
  const context: ServiceContext = { runtime, authoriser, actor, scope };
  return {
    async get(id, given) {
      const { waitUntil } = parseReadOptions(given);
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
      const { onlyStale, onProgress, signal } = parseInput(refreshOptions, given, "options");
      return await refreshIssues(context, await selectIssues(context, request), {
        onlyStale,
        onProgress: onProgress ?? (() => {}),
        signal: signal ?? new AbortController().signal,
      });
    },
  };
}
