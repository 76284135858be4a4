import type { IssueSnapshot, SearchGroup } from "@backref/core/provider";
import { hasStatus, type Operation } from "@backref/provider-kit";
import type { GitLabCall, GitLabClient, OpenClient } from "./client.ts";
import { projectUnknown } from "./errors.ts";
import { projectAddress } from "./keys.ts";
import { pageSize, parseList } from "./list-pages.ts";
import { mapIssue } from "./map-issue.ts";
import type { GitLabAuth, GitLabOptions } from "./types.ts";

/** Longer searches are refused. */
const longestSearch = 256;

/** One request per project. An issue whose number it is comes first, then those with all the words in their titles. */
export function createSearchGroup(open: OpenClient): SearchGroup<GitLabAuth, GitLabOptions> {
  return {
    async issues(call: GitLabCall, { containers, text, limit }) {
      const number = /^#?([1-9]\d{0,8})$/.exec(text.trim())?.[1];
      const search = searchWords(text);
      if (limit < 1 || containers.length === 0 || search === "") return [];
      const client = open(call);
      const named: IssueSnapshot[] = [];
      const found: IssueSnapshot[] = [];
      let lost: unknown = null;
      let isReached = false;
      for (const container of containers) {
        try {
          if (number !== undefined) named.push(...(await searchIn(client, container, { iids: [number] })));
          const words = { search, in: "title,description", order_by: "updated_at", sort: "desc" };
          found.push(...(await searchIn(client, container, words)));
          isReached = true;
        } catch (error) {
          if (!hasStatus(error, 403, 404)) throw error;
          lost ??= error;
        }
      }
      if (lost !== null && !isReached) throw lost;
      const wanted = found.filter((issue) => hasExactWords(issue, text));
      const isTitled = ({ title }: IssueSnapshot) =>
        search.split(" ").every((word) => title.toLowerCase().includes(word.toLowerCase()));
      const ordered = [...named, ...wanted.filter(isTitled), ...wanted.filter((issue) => !isTitled(issue))];
      return [...new Map(ordered.map((issue) => [issue.remoteId, issue])).values()].slice(0, limit);
    },
  };
}

const wordPattern = /[\p{L}\p{N}]+(?:[_.-][\p{L}\p{N}]+)*/gu;

/** Letters and digits with what joins them; anything else GitLab would look for, and find nothing. */
function searchWords(text: string): string {
  let search = "";
  for (const word of new Set(text.match(wordPattern))) {
    const longer = search === "" ? word.slice(0, longestSearch) : `${search} ${word}`;
    if (longer.length <= longestSearch) search = longer;
  }
  return search.toWellFormed().replaceAll("\uFFFD", "");
}

/** GitLab finds words by their beginning. Where a word had something around it, such as a wildcard, it is wanted as it is. */
function hasExactWords({ title, body }: IssueSnapshot, text: string): boolean {
  const present = new Set(`${title} ${body}`.toLowerCase().match(/[\p{L}\p{N}]+/gu));
  const marked = text.split(/\s+/u).filter((part) => part.replace(wordPattern, "") !== "");
  return marked.flatMap((part) => part.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).every((word) => present.has(word));
}

async function searchIn(
  client: GitLabClient,
  container: string,
  query: Readonly<Record<string, string | readonly string[]>>,
): Promise<readonly IssueSnapshot[]> {
  const operation: Operation = { name: "issue.search", isWrite: false, explain: { 404: projectUnknown(container) } };
  const all = { ...query, state: "all", scope: "all", per_page: pageSize };
  const answer = await client.request(operation, "GET", `${projectAddress(container)}/issues`, { query: all });
  const issues = answer.as((data) => parseList(data).map(mapIssue));
  return issues.filter(({ movedToId }) => movedToId === null).map(({ snapshot }) => snapshot);
}
