/** An answer lacks what is needed of it. */
export class UnexpectedShape extends Error {
  override readonly name: string = "UnexpectedShape";
}

/** The part of a zod schema that reading an answer needs. Stated by structure, so that no zod type stands in a signature. */
export interface AnswerSchema<Value> {
  /** Never throws: what is wrong is in the answer. */
  safeParse(data: unknown):
    | { readonly success: true; readonly data: Value }
    | {
        readonly success: false;
        readonly error: {
          readonly issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[];
        };
      };
}

/**
 * Reads the fields that are used and ignores the rest.
 * @throws UnexpectedShape with the first thing that is wrong; `what` begins its path
 */
export function parseShape<Value>(schema: AnswerSchema<Value>, data: unknown, what: string): Value {
  const result = schema.safeParse(data);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new UnexpectedShape(
    `${[what, ...(issue?.path ?? [])].map(String).join(".")}: ${issue?.message ?? "unreadable"}`,
  );
}
