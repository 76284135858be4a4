import { invalid } from "./failure.ts";

export interface ConnectionArguments {
  readonly first?: number | null;
  readonly after?: string | null;
}

const usualLength = 50;
const mostRows = 250;

/** One page of rows that each have an id; cursors are ids, as Linear's are. */
export function connect<Row extends { readonly id: string }>(
  rows: readonly Row[],
  { first, after }: ConnectionArguments,
  present: (row: Row) => object,
): object {
  const length = first ?? usualLength;
  if (length > mostRows) throw invalid(`first must not be greater than ${mostRows}`);
  const start = after == null ? 0 : rows.findIndex(({ id }) => id === after) + 1;
  const page = rows.slice(start, start + length);
  return {
    nodes: page.map(present),
    pageInfo: { hasNextPage: start + length < rows.length, endCursor: page.at(-1)?.id ?? null },
  };
}
