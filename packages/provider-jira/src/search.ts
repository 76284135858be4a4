import type { IssueSnapshot, SearchGroup } from "@backref/core/provider";
import { hasStatus, type Operation, parseShape } from "@backref/provider-kit";
import { z } from "zod";
import type { JiraCall, OpenClient } from "./client.ts";
import { unknownProjects } from "./errors.ts";
import { fetchIssues } from "./fetch-issues.ts";
import { quote, searchWords } from "./jql.ts";
import { splitKey } from "./keys.ts";
import { mapIssue, propertyKey, snapshotFields } from "./map-issue.ts";
import { loadRichText } from "./text.ts";
import type { JiraAuth, JiraOptions } from "./types.ts";

const operation: Operation = { name: "issue.search", isWrite: false };
const mostResults = 100;
const answerShape = z.object({ issues: z.array(z.unknown()) });

/** An issue whose key it is comes first, then those with all the words, most recently changed first. */
export function createSearchGroup(open: OpenClient): SearchGroup<JiraAuth, JiraOptions> {
  return {
    async issues(call: JiraCall, { containers, text, limit }) {
      if (containers.length === 0) return [];
      const client = open(call);
      const richText = await loadRichText(client.deployment);
      const key = splitKey(text.trim());
      const named =
        key !== null && containers.includes(key.container)
          ? await fetchIssues(client, operation, [`${key.container}-${key.item}`], richText)
          : [];
      const words = searchWords(text);
      if (words === null) return snapshotsOf(named, limit);
      const projects = `project in (${containers.map(quote).join(", ")})`;
      const matches = ` AND summary ~ ${quote(words)}`;
      const isCloud = client.deployment === "cloud";
      const body = {
        jql: `${projects}${matches} ORDER BY updated DESC`,
        fields: snapshotFields,
        maxResults: Math.min(limit, mostResults),
        ...(isCloud && { properties: [propertyKey] }),
      };
      const answer = await client
        .request(operation, "POST", isCloud ? "/search/jql" : "/search", { body })
        .catch((error: unknown) => {
          throw isUnknownProject(error) ? unknownProjects(operation, containers) : error;
        });
      const found = answer.as((data) =>
        parseShape(answerShape, data, "answer").issues.map((row) => mapIssue(row, richText, client.priorities)),
      );
      return snapshotsOf([...named, ...found], limit);
    },
  };
}

/** Each once. */
function snapshotsOf(found: readonly ReturnType<typeof mapIssue>[], limit: number): readonly IssueSnapshot[] {
  const unique = new Map(found.map(({ snapshot }) => [snapshot.remoteId, snapshot]));
  return [...unique.values()].slice(0, limit);
}

/** Jira refuses the whole query for one project that it does not show. */
function isUnknownProject(error: unknown): boolean {
  return hasStatus(error, 400) && /for the field 'project'/i.test(error.message);
}
