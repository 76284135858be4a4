import { unknownFieldsOf } from "./errors.ts";

/** Fields of GraphQL's `Issue` that not every GitHub has: Enterprise Server gets them later, if at all. */
export type OptionalField = "issueType" | "issueFieldValues";

/** A server that was updated is asked again after this long. */
const rememberedMs = 24 * 60 * 60 * 1000;

export interface OptionalFields {
  /**
   * Runs a query with the fields that are wanted. A server that refuses one is asked again without it, and not asked for
   * it any more: one request too many per process and day.
   */
  query<Result>(
    site: { readonly baseUrl: string; readonly clock: { now(): number } },
    wanted: readonly OptionalField[],
    send: (fields: ReadonlySet<OptionalField>) => Promise<Result>,
  ): Promise<Result>;
}

/** Remembers what each server lacks; another process finds it out for itself. */
export function createOptionalFields(): OptionalFields {
  const refusedAt = new Map<string, number>();
  return {
    async query({ baseUrl, clock }, wanted, send) {
      const key = (field: string) => `${baseUrl} ${field}`;
      const isRefused = (field: OptionalField) =>
        clock.now() - (refusedAt.get(key(field)) ?? Number.NEGATIVE_INFINITY) < rememberedMs;
      for (;;) {
        const asked = new Set(wanted.filter((field) => !isRefused(field)));
        try {
          return await send(asked);
        } catch (error) {
          const unknown = [...asked].filter((field) => unknownFieldsOf(error).includes(field));
          if (unknown.length === 0) throw error;
          for (const field of unknown) refusedAt.set(key(field), clock.now());
        }
      }
    },
  };
}
