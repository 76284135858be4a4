import type { ContainersGroup } from "@backref/core/provider";
import { type Operation, parseShape } from "@backref/provider-kit";
import { z } from "zod";
import { isAppCall } from "./app-call.ts";
import type { GitHubCall, GitHubClient, OpenClient } from "./client.ts";
import type { GitHubAuth, GitHubOptions } from "./types.ts";

const operation: Operation = { name: "containers.list", isWrite: false };
const pageSize = 100;
const usualLimit = 50;
/** GitHub does not search this list, so a rare text may need many pages: what is left goes into the next call. */
const mostPages = 5;

const repositoryShape = z.object({
  full_name: z.string(),
  html_url: z.string().nullish(),
  archived: z.boolean().nullish(),
  has_issues: z.boolean().nullish(),
});

type Repository = z.infer<typeof repositoryShape>;

/**
 * Repositories in which the credential has a role, or which the app's installation covers. Those that take no issues are
 * left out. A page may hold fewer than `limit` although more follow.
 */
export function createContainersGroup(open: OpenClient): ContainersGroup<GitHubAuth, GitHubOptions> {
  return {
    async list(call: GitHubCall, { text, limit = usualLimit, cursor }) {
      const client = open(call);
      const words = text.trim().toLowerCase();
      const isWanted = ({ full_name: name, archived, has_issues: hasIssues }: Repository) =>
        name.toLowerCase().includes(words) && archived !== true && hasIssues !== false;
      const found: Repository[] = [];
      // Rows that were looked at, whether they were wanted or not.
      let seen = /^\d+$/.test(cursor ?? "") ? Number(cursor) : 0;
      for (let pages = 0; pages < mostPages; pages += 1) {
        const { rows, isLast } = await readPage(client, call, Math.floor(seen / pageSize) + 1);
        for (const row of rows.slice(seen % pageSize)) {
          if (found.length === limit) return page(found, seen);
          if (isWanted(row)) found.push(row);
          seen += 1;
        }
        if (isLast) return page(found, null);
      }
      return page(found, seen);
    },
  };
}

function page(rows: readonly Repository[], next: number | null) {
  const items = rows.map(({ full_name: name, html_url: url }) => ({ container: name, name, url: url ?? null }));
  return { items, nextCursor: next === null ? null : String(next) };
}

const listShape = z.union([
  z.array(z.unknown()),
  z.object({ repositories: z.array(z.unknown()) }).transform(({ repositories }) => repositories),
]);

async function readPage(
  client: GitHubClient,
  call: GitHubCall,
  number: number,
): Promise<{ readonly rows: readonly Repository[]; readonly isLast: boolean }> {
  const list = isAppCall(call) ? "GET /installation/repositories" : "GET /user/repos";
  const answer = await client.request(operation, list, { per_page: pageSize, page: number });
  const rows = answer.as((data) =>
    parseShape<readonly unknown[]>(listShape, data, "list").map((row) =>
      parseShape(repositoryShape, row, "repository"),
    ),
  );
  return { rows, isLast: answer.next === null };
}
