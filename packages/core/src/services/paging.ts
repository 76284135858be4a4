import { createHash } from "node:crypto";
import { z } from "zod";
import type { Page, PageRequest } from "../domain/page.ts";
import { invalidInput } from "../input/parse-input.ts";

/** Fields of every list's request. */
export const pageFields: {
  readonly limit: z.ZodExactOptional<z.ZodNumber>;
  readonly cursor: z.ZodExactOptional<z.ZodString>;
} = {
  limit: z.int().min(1).max(200).exactOptional(),
  cursor: z.string().min(1).max(2_000).exactOptional(),
};

export const defaultPageLimit = 50;

/** Names a list without telling whose it is. */
function nameOf(list: string): string {
  return createHash("sha256").update(list).digest("base64url").slice(0, 12);
}

/** @param list what is paged, of whom: a cursor is good for its own list only */
export function encodeCursor(list: string, after: string): string {
  return Buffer.from(JSON.stringify([nameOf(list), after]), "utf8").toString("base64url");
}

/** @throws BackrefError `invalid-input` */
export function decodeCursor(list: string, cursor: string): string {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"));
    if (Array.isArray(value) && value.length === 2 && value[0] === nameOf(list) && isPosition(value[1]))
      return value[1];
  } catch {
    // Whatever is wrong with it, the answer is the same.
  }
  throw invalidInput("cursor", [
    { path: ["cursor"], message: "pass the `nextCursor` of the page before, from the same list, or leave it out" },
  ]);
}

function isPosition(value: unknown): value is string {
  return typeof value === "string" && value.length > 0 && value.length <= 1_000 && !value.includes("\0");
}

/** One page of the rows that an actor may see, in the order in which `fetch` gives them. */
export async function collectPage<Stored extends { readonly id: string }, Item>(request: {
  readonly list: string;
  readonly page: PageRequest;
  fetch(after: string | undefined, limit: number): Promise<readonly Stored[]>;
  /** Leaves out what the actor may not see. */
  keep(rows: readonly Stored[]): Promise<readonly Stored[]>;
  view(rows: readonly Stored[]): Promise<readonly Item[]>;
  /** Ends the page once so many rows were looked at, however few were kept. @default as many as it takes */
  readonly mostRows?: number;
}): Promise<Page<Item>> {
  const { list, page, mostRows = Number.POSITIVE_INFINITY } = request;
  const limit = page.limit ?? defaultPageLimit;
  const wanted = limit + 1;
  const kept: Stored[] = [];
  let after = page.cursor === undefined ? undefined : decodeCursor(list, page.cursor);
  let lookedAt = 0;
  let goesOnAfter: string | undefined;
  for (;;) {
    const rows = await request.fetch(after, wanted);
    kept.push(...(await request.keep(rows)));
    after = rows.at(-1)?.id;
    lookedAt += rows.length;
    if (kept.length >= wanted || rows.length < wanted) break;
    if (lookedAt < mostRows) continue;
    goesOnAfter = after;
    break;
  }
  const shown = kept.slice(0, limit);
  if (kept.length > limit) goesOnAfter = shown.at(-1)?.id;
  return {
    items: await request.view(shown),
    nextCursor: goesOnAfter === undefined ? null : encodeCursor(list, goesOnAfter),
  };
}
