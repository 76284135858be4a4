import type { IssueSnapshot, SearchGroup } from "@backref/core/provider";
import { parseShape } from "@backref/provider-kit";
import { z } from "zod";
import type { LinearCall, OpenClient } from "./client.ts";
import { searchDocument } from "./documents.ts";
import { unknownTeam } from "./errors.ts";
import { mapIssue } from "./map-issue.ts";
import type { LinearAuth, LinearOptions } from "./types.ts";

const operation = { name: "issue.search", isWrite: false };
const mostIssues = 50;

const resultShape = z.object({
  teams: z.object({ nodes: z.array(z.object({ key: z.string() })) }),
  searchIssues: z.object({ nodes: z.array(z.unknown()) }),
});

/** What may begin or end a quotation, and characters that nobody sees. */
const unsearchable = /["“”„‟«»＂\\\p{C}]/gu;

export function createSearchGroup(open: OpenClient): SearchGroup<LinearAuth, LinearOptions> {
  return {
    /** Linear has no language of queries here: the text is a variable of its own. */
    async issues(call: LinearCall, { containers, text, limit }) {
      const words = text.replace(unsearchable, " ").split(/\s+/u).filter(Boolean);
      if (containers.length === 0 || words.length === 0) return [];
      const keys = containers.map((container) => container.toUpperCase());
      const variables = {
        term: words.join(" "),
        filter: { team: { key: { in: keys } } },
        keys,
        first: Math.min(limit, mostIssues),
      };
      const { found, reached } = await open(call).ask(operation, searchDocument, variables, (data) => {
        const { searchIssues, teams } = parseShape(resultShape, data, "data");
        return { found: searchIssues.nodes.map(mapIssue), reached: teams.nodes.map(({ key }) => key.toUpperCase()) };
      });
      const missing = keys.find((key) => !reached.includes(key));
      if (missing !== undefined) throw unknownTeam(operation, missing);
      const issues = found.flatMap(({ issue, isTrashed }) => (isTrashed ? [] : [issue]));
      return issues.toSorted((a, b) => Number(isNamed(b, words)) - Number(isNamed(a, words)));
    },
  };
}

/** Linear sorts by relevance, and what that is changes from time to time: a title that has the words is always before others. */
function isNamed({ title }: IssueSnapshot, words: readonly string[]): boolean {
  const lower = title.toLowerCase();
  return words.every((word) => lower.includes(word.toLowerCase()));
}
