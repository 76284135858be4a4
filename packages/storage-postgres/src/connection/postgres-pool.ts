/**
 * Whatever runs a statement on PostgreSQL, by shape: a `pg` Pool or Client, or PGlite. Values are sent as parameters, and
 * every statement is a transaction of its own.
 */
export interface PostgresPool {
  query(text: string, values?: unknown[]): Promise<{ readonly rows: readonly unknown[] }>;
}

/** Runs one statement that answers with one row, of one column `answer` that holds JSON as text. */
export type RunStatement = (text: string, values: readonly unknown[]) => Promise<unknown>;

/** JSON comes as text: how a host's pool parses numbers, times and JSON columns makes no difference to it. */
export function parseAnswer(rows: readonly unknown[]): unknown {
  const [row] = rows as readonly { readonly answer?: unknown }[];
  const answer = row?.answer;
  if (answer === null || answer === undefined) return null;
  return typeof answer === "string" ? JSON.parse(answer) : answer;
}
