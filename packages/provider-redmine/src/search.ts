import type { IssueSnapshot, SearchGroup } from "@backref/core/provider";
import { hasStatus, type Operation } from "@backref/provider-kit";
import type { OpenClient, RedmineCall, RedmineClient } from "./client.ts";
import { projectUnknown } from "./errors.ts";
import { isItem, ofProject, readItems } from "./issues.ts";
import { readPage } from "./list-pages.ts";
import { mapIssue, type ReadIssue } from "./map-issue.ts";
import type { RedmineAuth, RedmineOptions } from "./types.ts";

/** Redmine looks for so many words at most; the others are looked for in what it finds. */
const mostWords = 5;

/** Two requests per project. An issue whose number it is comes first, then those with all the words in their titles. */
export function createSearchGroup(open: OpenClient): SearchGroup<RedmineAuth, RedmineOptions> {
  return {
    async issues(call: RedmineCall, { containers, text, limit }) {
      const words = [...new Set(text.match(wordPattern))];
      if (limit < 1 || containers.length === 0 || words.length === 0) return [];
      const client = open(call);
      const found: ReadIssue[] = [];
      let lost: unknown = null;
      let isReached = false;
      for (const container of containers) {
        try {
          found.push(...(await searchIn(call, client, container, text, words)));
          isReached = true;
        } catch (error) {
          if (!hasStatus(error, 403, 404)) throw error;
          lost ??= error;
        }
      }
      if (lost !== null && !isReached) throw lost;
      const shown = found.filter(({ isPrivate }) => !isPrivate || call.options.privateIssues);
      const issues = shown.map(({ snapshot }) => snapshot);
      const number = numberIn(text);
      const named = issues.filter(({ item }) => item === number);
      const wanted = issues.filter((issue) => hasWords(issue, text, words));
      const isTitled = ({ title }: IssueSnapshot) =>
        words.every((word) => title.toLowerCase().includes(word.toLowerCase()));
      const ordered = [...named, ...wanted.filter(isTitled), ...wanted.filter((issue) => !isTitled(issue))];
      return [...new Map(ordered.map((issue) => [issue.remoteId, issue])).values()].slice(0, limit);
    },
  };
}

const wordPattern = /[\p{L}\p{N}]+(?:[_.-][\p{L}\p{N}]+)*/gu;

function numberIn(text: string): string | null {
  const number = /^#?(\d+)$/.exec(text.trim())?.[1] ?? "";
  return isItem(number) ? number : null;
}

async function searchIn(
  call: RedmineCall,
  client: RedmineClient,
  container: string,
  text: string,
  words: readonly string[],
): Promise<readonly ReadIssue[]> {
  const operation: Operation = { name: "issue.search", isWrite: false, explain: projectUnknown(container) };
  const number = numberIn(text);
  const named = number === null ? [] : (await readItems(call, client, operation, container, [number])).values();
  const value = `~${words.slice(0, mostWords).join(" ")}`.toWellFormed().replaceAll("\uFFFD", "");
  const read = (row: unknown) => mapIssue(row, container, call.options);
  const list = (field: "subject" | "description") =>
    readPage(client, operation, "/issues", { ...ofProject(container), [field]: value, sort: "updated_on:desc" }, read);
  const titled = await list("subject");
  const mentioned = await list("description");
  return [...named, ...titled.rows, ...mentioned.rows];
}

/** Parts of words will do, but for what had something around it, such as a wildcard: that is wanted as it is. */
function hasWords({ title, body }: IssueSnapshot, text: string, words: readonly string[]): boolean {
  const all = `${title} ${body}`.toLowerCase();
  const present = new Set(all.match(/[\p{L}\p{N}]+/gu));
  const marked = text.split(/\s+/u).filter((part) => part.replace(wordPattern, "") !== "");
  const exact = marked.flatMap((part) => part.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []);
  return words.every((word) => all.includes(word.toLowerCase())) && exact.every((word) => present.has(word));
}
