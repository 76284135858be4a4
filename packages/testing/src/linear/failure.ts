import { GraphQLError } from "graphql";

/** An error as Linear words it, with what its SDK tells kinds of errors apart by. */
function failure(
  message: string,
  extensions: { readonly code: string; readonly type: string; readonly words?: string },
): GraphQLError {
  const { code, type, words } = extensions;
  return new GraphQLError(message, {
    extensions: { code, type, userError: true, ...(words !== undefined && { userPresentableMessage: words }) },
  });
}

const input = { code: "INPUT_ERROR", type: "invalid input" };

export const notFound = (entity: string): GraphQLError =>
  failure(`Entity not found: ${entity}`, { ...input, words: `Could not find referenced ${entity}.` });

export const conflict = (entity: string, id: string): GraphQLError =>
  failure(`conflict on insert of ${entity}`, { ...input, words: `Entity ${entity} with id ${id} already exists.` });

export const invalid = (words: string): GraphQLError => failure("Argument Validation Error", { ...input, words });

export const notExclusive = (label: string, other: string): GraphQLError =>
  failure("labelIds not exclusive child labels", {
    ...input,
    words: `The label '${label}' is in the same group as '${other}'. Only one label in a group can be applied to an issue.`,
  });

export const forbidden = (words: string): GraphQLError =>
  failure("Forbidden", { code: "FORBIDDEN", type: "forbidden", words });

export const unauthenticated = (): GraphQLError =>
  failure("Authentication required, not authenticated", {
    code: "AUTHENTICATION_ERROR",
    type: "authentication error",
    words: "You need to authenticate to access this operation.",
  });

export const rateLimited = (): GraphQLError =>
  failure("Rate limit exceeded. Only 2500 requests are allowed per 1 hour.", {
    code: "RATELIMITED",
    type: "ratelimited",
    words: "Rate limit exceeded.",
  });

export const tooComplex = (cost: number, most: number): GraphQLError =>
  failure(`Query too complex: ${Math.round(cost)} points, and ${most} are allowed.`, {
    ...input,
    words: "Query too complex",
  });
