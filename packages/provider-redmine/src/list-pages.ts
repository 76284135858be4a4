import { type Operation, parseShape } from "@backref/provider-kit";
import { z } from "zod";
import type { RedmineClient, RequestContent } from "./client.ts";

/** Redmine cuts longer pages down to this without a word. */
export const pageSize = 100;

export interface ListPage<Row> {
  readonly rows: readonly Row[];
  /** Where the next page begins; null on the last. */
  readonly nextOffset: number | null;
  readonly headers: Headers;
}

const countsShape = z.object({ total_count: z.number().int(), offset: z.number().int() });

/**
 * One page of a list, which stands in the answer under the name of what it lists.
 * @param read throws `UnexpectedShape` for a row that is not what Redmine promises
 */
export async function readPage<Row>(
  client: RedmineClient,
  operation: Operation,
  path: string,
  query: NonNullable<RequestContent["query"]>,
  read: (row: unknown) => Row,
): Promise<ListPage<Row>> {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const answer = await client.request(operation, "GET", path, { query: { limit: pageSize, ...query } });
  return answer.as((data) => {
    const rows = parseShape(z.object({ [name]: z.array(z.unknown()) }), data, "list")[name] ?? [];
    const counts = parseShape(countsShape, data, "list");
    const next = counts.offset + rows.length;
    return {
      rows: rows.map((row) => read(row)),
      nextOffset: rows.length > 0 && next < counts.total_count ? next : null,
      headers: answer.headers,
    };
  });
}

/** The rows of a list, page by page; a page is asked for when it is wanted. */
export async function* listPages<Row>(
  client: RedmineClient,
  operation: Operation,
  path: string,
  query: NonNullable<RequestContent["query"]>,
  read: (row: unknown) => Row,
): AsyncGenerator<readonly Row[], void> {
  for (let offset: number | null = 0; offset !== null; ) {
    const page: ListPage<Row> = await readPage(client, operation, path, { ...query, offset }, read);
    yield page.rows;
    // A page that leads back would never end.
    offset = page.nextOffset !== null && page.nextOffset > offset ? page.nextOffset : null;
  }
}
