import type { ChangesGroup, ChangesPage } from "@backref/core/provider";
import { hasStatus, type Operation, parseCursor, parseShape } from "@backref/provider-kit";
import { z } from "zod";
import { type ChangesCursor, cursorShape } from "./changes-cursor.ts";
import type { AzureDevOpsCall, AzureDevOpsClient } from "./client.ts";
import { listComments } from "./comments.ts";
import { errors, projectUnknown } from "./errors.ts";
import { fieldNames } from "./fields.ts";
import type { OpenReader } from "./reader.ts";
import { idShape } from "./shapes.ts";
import { segment } from "./site.ts";
import type { AzureDevOpsAuth, AzureDevOpsOptions } from "./types.ts";

/** Reports have at most so many rows: https://learn.microsoft.com/rest/api/azure/devops/wit/reporting-work-item-revisions */
const pageSize = 200;

/**
 * The report of revisions says exactly what changed since its token, and costs one request where nothing did. It has no
 * formats of texts and no people's names, so what it names is read.
 */
export function createChangesGroup(openReader: OpenReader): ChangesGroup<AzureDevOpsAuth, AzureDevOpsOptions> {
  return {
    async list(call: AzureDevOpsCall, request): Promise<ChangesPage> {
      const { container } = request;
      if (container === null) {
        const operation: Operation = { name: "changes.list", isWrite: false };
        throw errors.refused(operation, "Azure DevOps is polled by project: name one.");
      }
      const operation = operationOf(container);
      const reader = await openReader(call);
      const cursor = parseCursor(cursorShape, request.cursor);
      // Once comments are asked for, they come from the start.
      const isGood = cursor !== null && (cursor.withComments || !request.withComments);
      const first: ChangesCursor = { token: null, startAt: request.startAt, withComments: request.withComments };
      const before = isGood ? cursor : first;
      const report = await readReport(reader.client, operation, container, before);
      const items = report.ids.length === 0 ? [] : await reader.fetch(operation, report.ids);
      const here = items.filter(({ fields }) => fields[fieldNames.project].toLowerCase() === container.toLowerCase());
      const issues = await reader.map(operation, here);
      const comments: ChangesPage["comments"][number][] = [];
      for (const issue of request.withComments ? issues : []) {
        if (issue.commentCount === 0) continue;
        // It may be gone since it was read.
        const own = await listComments(call, reader, issue).catch((error: unknown) => {
          if (hasStatus(error, 404)) return [];
          throw error;
        });
        comments.push(...own.map((comment) => ({ issueItem: issue.item, container: issue.container, comment })));
      }
      const present = new Set(issues.map(({ remoteId }) => remoteId));
      const left = report.ids.filter((id) => !present.has(id));
      const token = report.token ?? before.token;
      const isSame = isGood && token === before.token;
      return {
        issues,
        comments,
        left: left.map((id) => ({ remoteId: id, container, item: id })),
        cursor: isSame && request.cursor !== null ? request.cursor : JSON.stringify({ ...before, token }),
        more: !report.isLast && token !== before.token,
      };
    },
  };
}

function operationOf(container: string): Operation {
  return { name: "changes.list", isWrite: false, explain: { 404: projectUnknown(container) } };
}

const reportShape = z.object({
  values: z.array(z.object({ id: idShape })),
  continuationToken: z.string().nullish(),
  nextLink: z.string().nullish(),
  isLastBatch: z.boolean().nullish(),
});

interface Report {
  /** Each once. */
  readonly ids: readonly string[];
  readonly token: string | null;
  readonly isLast: boolean;
}

async function readReport(
  client: AzureDevOpsClient,
  operation: Operation,
  container: string,
  { token, startAt }: ChangesCursor,
): Promise<Report> {
  const from =
    token === null ? { startDateTime: new Date(Math.max(0, startAt)).toISOString() } : { continuationToken: token };
  const answer = await client.request(
    operation,
    "GET",
    `/${segment(container)}/_apis/wit/reporting/workitemrevisions`,
    {
      query: {
        ...from,
        fields: [fieldNames.project, fieldNames.type].join(","),
        includeLatestOnly: true,
        includeDeleted: true,
        $maxPageSize: pageSize,
      },
    },
  );
  const page = answer.as((data) => parseShape(reportShape, data, "report"));
  const next = page.continuationToken ?? tokenOf(page.nextLink ?? "");
  return {
    ids: [...new Set(page.values.map(({ id }) => id))],
    token: next,
    isLast: page.isLastBatch ?? page.values.length === 0,
  };
}

/** Older versions tell it in the address of the next page alone. */
function tokenOf(link: string): string | null {
  return URL.canParse(link) ? new URL(link).searchParams.get("continuationToken") : null;
}
