import type { IssueSnapshot, SearchGroup } from "@backref/core/provider";
import { hasStatus, type Operation, parseShape } from "@backref/provider-kit";
import { z } from "zod";
import type { GitHubCall, GitHubClient, OpenClient } from "./client.ts";
import { isSameContainer, splitContainer } from "./keys.ts";
import { isPullRequest, mapRestIssue } from "./map-issue.ts";
import { searchWords } from "./search-words.ts";
import type { GitHubAuth, GitHubOptions } from "./types.ts";

const operationOf = (containers: readonly string[]): Operation => ({
  name: "issue.search",
  isWrite: false,
  explain: {
    422: {
      failure: "gone",
      message: `None of these repositories can be searched: ${containers.join(", ")}. Check their names, and the repositories that the token covers.`,
    },
  },
});

/** "You cannot use queries that have more than five AND, OR, or NOT operators", says the documentation. */
const repositoriesAtOnce = 6;
const largestPage = 100;

const answerShape = z.object({ items: z.array(z.unknown()) });

/**
 * GitHub's search of issues, by "REST API endpoints for search" of its documentation: 30 requests a minute, and an index
 * that may be some seconds behind. Repositories out of reach are left out by GitHub, and told only where all of them are.
 */
export function createSearchGroup(open: OpenClient): SearchGroup<GitHubAuth, GitHubOptions> {
  return {
    async issues(call: GitHubCall, { containers, text, limit }) {
      const words = searchWords(text);
      if (words === "" || containers.length === 0 || limit < 1) return [];
      const client = open(call);
      const found: IssueSnapshot[] = [];
      let lost: unknown = null;
      let isReached = false;
      for (let start = 0; start < containers.length && found.length < limit; start += repositoriesAtOnce) {
        const group = containers.slice(start, start + repositoriesAtOnce);
        try {
          const { priorityField = null } = call.options;
          found.push(...(await searchGroup(client, { containers: group, words, limit, priorityField })));
          isReached = true;
        } catch (error) {
          if (!hasStatus(error, 422)) throw error;
          lost ??= error;
        }
      }
      if (lost !== null && !isReached) throw lost;
      return found.slice(0, limit);
    },
  };
}

async function searchGroup(
  client: GitHubClient,
  request: {
    readonly containers: readonly string[];
    readonly words: string;
    readonly limit: number;
    readonly priorityField: string | null;
  },
): Promise<readonly IssueSnapshot[]> {
  const { containers, words, limit, priorityField } = request;
  const places = containers.map((container) => {
    const { owner, repo } = splitContainer(container);
    return `repo:${owner}/${repo}`;
  });
  const isOne = places.length === 1;
  const answer = await client.request(operationOf(containers), "GET /search/issues", {
    q: `is:issue ${isOne ? places[0] : `(${places.join(" OR ")})`} ${words}`,
    per_page: Math.min(limit, largestPage),
    // Without it servers differ in what several repositories mean.
    ...(isOne ? {} : { advanced_search: "true" }),
  });
  const issues = answer.as((data) =>
    parseShape(answerShape, data, "answer")
      .items.filter((item) => !isPullRequest(item))
      .map((item) => mapRestIssue(item, { priorityField })),
  );
  return issues.filter(({ container }) => containers.some((wanted) => isSameContainer(wanted, container)));
}
