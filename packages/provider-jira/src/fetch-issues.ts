import { type Operation, parseShape, UnexpectedShape } from "@backref/provider-kit";
import { z } from "zod";
import type { JiraClient } from "./client.ts";
import { quote } from "./jql.ts";
import { mapIssue, propertyKey, type ReadIssue, snapshotFields } from "./map-issue.ts";
import { idShape } from "./shapes.ts";
import type { RichText } from "./text.ts";

const bulkShape = z.object({ issues: z.array(z.unknown()) });

/** What people may see of these issues, by ids or keys, at most 100; what is not there or not theirs is left out. */
export async function fetchIssues(
  client: JiraClient,
  operation: Operation,
  idsOrKeys: readonly string[],
  richText: RichText,
): Promise<readonly ReadIssue[]> {
  if (idsOrKeys.length === 0) return [];
  const answer =
    client.deployment === "cloud"
      ? await client.request(operation, "POST", "/issue/bulkfetch", {
          body: { issueIdsOrKeys: idsOrKeys, fields: snapshotFields, properties: [propertyKey] },
        })
      : await client.request(operation, "POST", "/search", {
          body: {
            jql: byIdsOrKeys(idsOrKeys),
            validateQuery: false,
            startAt: 0,
            maxResults: idsOrKeys.length,
            fields: snapshotFields,
          },
        });
  return answer.as((data) => readable(parseShape(bulkShape, data, "answer").issues, client, richText));
}

/** One issue that cannot be read never fails the others. */
function readable(rows: readonly unknown[], { priorities }: JiraClient, richText: RichText): readonly ReadIssue[] {
  return rows.flatMap((row) => {
    try {
      return [mapIssue(row, richText, priorities)];
    } catch (error) {
      if (error instanceof UnexpectedShape && rows.length > 1) return [];
      throw error;
    }
  });
}

function byIdsOrKeys(idsOrKeys: readonly string[]): string {
  const ids = idsOrKeys.filter((text) => /^\d+$/.test(text));
  const keys = idsOrKeys.filter((text) => !/^\d+$/.test(text)).map(quote);
  const parts = [ids.length > 0 && `id in (${ids.join(", ")})`, keys.length > 0 && `key in (${keys.join(", ")})`];
  return parts.filter((part) => part !== false).join(" OR ");
}

/** One issue by id or key, under whatever key it has now; throws where it is not there. */
export async function fetchIssue(
  client: JiraClient,
  operation: Operation,
  idOrKey: string,
  richText: RichText,
): Promise<ReadIssue> {
  const query = { fields: snapshotFields.join(","), properties: propertyKey };
  const answer = await client.request(operation, "GET", `/issue/${encodeURIComponent(idOrKey)}`, { query });
  return answer.as((data) => mapIssue(data, richText, client.priorities));
}

const createdShape = z.object({ id: idShape, key: z.string() });

export function parseCreated(data: unknown): { readonly id: string; readonly key: string } {
  return parseShape(createdShape, data, "issue");
}
