import type { IssueSnapshot, SearchGroup } from "@backref/core/provider";
import { hasStatus, type Operation } from "@backref/provider-kit";
import type { AzureDevOpsCall } from "./client.ts";
import { fieldNames } from "./fields.ts";
import { idIn } from "./keys.ts";
import type { OpenReader, Reader } from "./reader.ts";
import type { AzureDevOpsAuth, AzureDevOpsOptions } from "./types.ts";
import { findIds, quote } from "./wiql.ts";

const operation: Operation = { name: "issue.search", isWrite: false };
const mostResults = 100;
/** Queries have a greatest length. */
const mostWords = 20;
const longestWord = 100;

/** What may begin or end a quotation, and characters that nobody sees. */
const unsearchable = /["“”„‟«»＂\p{C}]/gu;
const ownKey = /^(?:(?:AB)?#)?(\d+)$/i;

/** An item whose id it is comes first, then those with all the words in their titles, most recently changed first. */
export function createSearchGroup(openReader: OpenReader): SearchGroup<AzureDevOpsAuth, AzureDevOpsOptions> {
  return {
    async issues(call: AzureDevOpsCall, { containers, text, limit }) {
      if (containers.length === 0) return [];
      const reader = await openReader(call);
      const words = wordsOf(text);
      const id = idIn(ownKey.exec(text.trim())?.[1] ?? "");
      if (words.length === 0) return [];
      const found = await findInTitles(reader, containers, words, Math.min(limit, mostResults));
      const wanted = [...(id === null ? [] : [id]), ...found];
      if (wanted.length === 0) return [];
      const issues = await reader.map(operation, await reader.fetch(operation, [...new Set(wanted)]));
      const places = new Set(containers.map((container) => container.toLowerCase()));
      const isMeant = ({ item, title, container }: IssueSnapshot) =>
        places.has(container.toLowerCase()) &&
        (item === id || words.every((word) => title.toLowerCase().includes(word.toLowerCase())));
      return issues
        .filter(isMeant)
        .toSorted((a, b) => wanted.indexOf(a.item) - wanted.indexOf(b.item))
        .slice(0, limit);
    },
  };
}

function wordsOf(text: string): readonly string[] {
  const words = text.replace(unsearchable, " ").split(/\s+/u).filter(Boolean);
  return words.slice(0, mostWords).map((word) => [...word].slice(0, longestWord).join(""));
}

/** A query is asked in one project and looks into all of them. */
async function findInTitles(
  reader: Reader,
  containers: readonly string[],
  words: readonly string[],
  limit: number,
): Promise<readonly string[]> {
  const [container = "", ...others] = containers;
  const where = [
    `[${fieldNames.project}] IN (${containers.map(quote).join(", ")})`,
    ...words.map((word) => `[${fieldNames.title}] CONTAINS ${quote(word)}`),
  ].join(" AND ");
  try {
    return await findIds(reader.client, operation, {
      container,
      where,
      order: `[${fieldNames.changedDate}] DESC`,
      limit,
    });
  } catch (error) {
    // Projects that are not there are passed over, as long as one is.
    if (others.length === 0 || !hasStatus(error, 400, 404)) throw error;
    return findInTitles(reader, others, words, limit);
  }
}
