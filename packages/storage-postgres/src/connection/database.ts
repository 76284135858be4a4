import { BackrefError, StorageError } from "@backref/core/storage";
import { isTransient, storageErrorOf } from "./database-errors.ts";
import { type PostgresPool, parseAnswer } from "./postgres-pool.ts";

/** Where statements run: on the storage's own pool, or inside a transaction of the host's. */
export interface Database {
  /** The schema's name, quoted if need be. */
  readonly schema: string;
  /** True inside a host's transaction, which a failing statement would end. */
  readonly isHosts: boolean;
  /** Runs one statement that answers one row with one column `answer`, JSON as text. */
  run(operation: string, text: string, values: readonly unknown[]): Promise<unknown>;
}

/** Deadlocks and serialisation failures did nothing: the statement is sent again, this often. */
const mostTries = 6;

/** Half of a pair, or NUL, in a text of a JSON document as JSON.stringify writes it. */
const unkeptText = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f][0-9a-f]{2})/i;

export function createDatabase(
  pool: PostgresPool,
  options: { readonly schema: string; readonly isHosts: boolean; readonly isClosed: () => boolean },
): Database {
  const { schema, isHosts, isClosed } = options;
  return {
    schema,
    isHosts,
    async run(operation, text, values) {
      if (isClosed()) throw new StorageError({ code: "closed", message: "The storage was closed.", operation });
      refuseUnkept(values);
      for (let tries = 1; ; tries += 1) {
        try {
          const { rows } = await pool.query(text, [...values]);
          return parseAnswer(rows);
        } catch (error) {
          if (isTransient(error) && !isHosts && tries < mostTries) continue;
          throw storageErrorOf(error, operation);
        }
      }
    },
  };
}

/** @throws BackrefError `invalid-input` where a text cannot be kept */
export function refuseUnkept(values: readonly unknown[]): void {
  for (const value of values) {
    const texts = Array.isArray(value) ? value : [value];
    for (const text of texts) {
      if (typeof text !== "string") continue;
      const isJson = text.startsWith("{") || text.startsWith("[");
      if (text.includes("\0") || !text.isWellFormed() || (isJson && unkeptText.test(text))) {
        throw new BackrefError({
          code: "invalid-input",
          message:
            "A text holds the character NUL or half of a surrogate pair, which PostgreSQL cannot keep. Remove it.",
        });
      }
    }
  }
}
