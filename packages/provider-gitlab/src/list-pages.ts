import { type Operation, parseShape } from "@backref/provider-kit";
import { z } from "zod";
import type { GitLabClient, RequestContent } from "./client.ts";

const listShape = z.array(z.unknown());
export const pageSize = 100;

/** A list as GitLab answers it, its rows not looked at yet. */
export function parseList(data: unknown): readonly unknown[] {
  return parseShape(listShape, data, "list");
}

/**
 * The rows of a list, page by page; a page is asked for when it is wanted.
 * @param read throws `UnexpectedShape` for a row that is not what GitLab promises
 */
export async function* listPages<Row>(
  client: GitLabClient,
  operation: Operation,
  path: string,
  query: NonNullable<RequestContent["query"]>,
  read: (row: unknown) => Row,
): AsyncGenerator<readonly Row[], void> {
  for (let page: number | null = 1; page !== null; ) {
    const answer = await client.request(operation, "GET", path, { query: { ...query, per_page: pageSize, page } });
    const rows = answer.as((data) => parseList(data).map((row) => read(row)));
    yield rows;
    // A page that leads back would never end.
    page = answer.nextPage !== null && answer.nextPage > page && rows.length > 0 ? answer.nextPage : null;
  }
}
