import { followPages, type Operation } from "@backref/provider-kit";
import type { GitHubClient } from "./client.ts";
import { parseList } from "./rest-values.ts";

/**
 * The rows of a REST list, page by page; a page is asked for when it is wanted.
 * @param url of the first page, with its query
 * @param read throws `UnexpectedShape` for a row that is not what GitHub promises
 */
export async function* listPages<Row>(
  client: GitHubClient,
  operation: Operation,
  url: string,
  read: (row: unknown) => Row,
): AsyncGenerator<readonly Row[], void> {
  const load = async (page: string) => {
    const answer = await client.request(operation, `GET ${page}`);
    return { next: answer.next, rows: answer.as((data) => parseList(data).map((row) => read(row))) };
  };
  for await (const { rows } of followPages(url, load)) yield rows;
}
