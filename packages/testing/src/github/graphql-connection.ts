import { Buffer } from "node:buffer";
import { GraphQLError } from "graphql";
import type { JsonObject } from "../fake/json.ts";

/** Arguments every connection takes. */
export interface ConnectionArguments {
  readonly first?: number | null;
  readonly last?: number | null;
  readonly after?: string | null;
  readonly before?: string | null;
}

/** An error with GitHub's `type`, which stands beside the message in the answer. */
export function typedError(type: string, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { type } });
}

/**
 * A Relay connection over `all`. GitHub refuses one without `first` or `last`, and more than 100 at a time; `count` is
 * told how many were asked for, since that decides the query's price.
 */
export function connect<T>(
  name: string,
  all: readonly T[],
  asked: ConnectionArguments,
  present: (item: T) => JsonObject,
): JsonObject {
  const size = asked.first ?? asked.last;
  if (size == null)
    throw typedError(
      "MISSING_PAGINATION_BOUNDARIES",
      `You must provide a \`first\` or \`last\` value to properly paginate the \`${name}\` connection.`,
    );
  const which = asked.first == null ? "last" : "first";
  if (size > 100 || size < 1)
    throw typedError(
      "EXCESSIVE_PAGINATION",
      `Requesting ${size} records on the \`${name}\` connection exceeds the \`${which}\` limit of 100 records.`,
    );
  const from = asked.after == null ? 0 : positionOf(asked.after) + 1;
  const to = asked.before == null ? all.length : positionOf(asked.before);
  const start = asked.first == null ? Math.max(from, to - size) : from;
  const end = asked.first == null ? to : Math.min(to, from + size);
  const edges = all.slice(start, end).map((item, index) => ({ node: present(item), cursor: cursorOf(start + index) }));
  return {
    totalCount: all.length,
    nodes: edges.map((edge) => edge.node),
    edges,
    pageInfo: {
      hasNextPage: end < all.length,
      hasPreviousPage: start > 0,
      startCursor: edges.at(0)?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}

function cursorOf(position: number): string {
  return Buffer.from(`cursor:${position}`).toString("base64");
}

function positionOf(cursor: string): number {
  const position = Number(Buffer.from(cursor, "base64").toString("utf8").replace("cursor:", ""));
  if (!Number.isInteger(position))
    throw typedError("INVALID_CURSOR_ARGUMENTS", `\`${cursor}\` does not appear to be a valid cursor.`);
  return position;
}
