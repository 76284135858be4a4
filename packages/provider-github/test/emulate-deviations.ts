/** Where emulate 0.12.2 is not GitHub, as far as it matters here. */
export interface Deviation {
  /** What GitHub's contract says. */
  readonly github: string;
  readonly emulate: string;
  /** What the tests put in between; null where the provider gets along with it. */
  readonly workaround: string | null;
}

export const deviations = {
  graphql: {
    github: "POST /graphql answers queries",
    emulate: "has no GraphQL",
    workaround: "queries run here, against GitHub's published schema, on issues that emulate's REST API shows",
  },
  "comments-of-all": {
    github: "GET /repos/{owner}/{repo}/issues/comments lists the comments of all issues",
    emulate: "404: it takes `comments` for the number of an issue",
    workaround: "the list is put together here from those of the single issues",
  },
  "unknown-token": {
    github: "401 for a token that was never given out",
    emulate: "any token is good, and is the first account's",
    workaround: "such requests are answered with 401 here",
  },
  "bot-account": {
    github: "an app's account, `slug[bot]`, is there as soon as the app is",
    emulate: "it appears with the app's first write",
    workaround: "the account is among those that emulate starts with",
  },
  "label-exists": {
    github: "422 with `errors` that say `already_exists` for a label that is there",
    emulate: "422 without `errors`",
    workaround: "the answer gets them here",
  },
  validators: {
    github: "ETags, and 304 for what has not changed",
    emulate: "neither",
    workaround: null,
  },
  milliseconds: {
    github: "times of whole seconds",
    emulate: "times with milliseconds, so that `since` leaves out what changed within the second",
    workaround: null,
  },
  scopes: {
    github: "X-OAuth-Scopes for classic tokens",
    emulate: "no such header, as for a fine-grained token",
    workaround: null,
  },
  addresses: {
    github: "addresses in answers as the client asked",
    emulate: "http://localhost, whatever name it was asked by",
    workaround: null,
  },
  ping: {
    github: "a new hook is pinged",
    emulate: "it is not",
    workaround: null,
  },
  "hook-exists": {
    github: "422 for a hook that is there already",
    emulate: "a second one is made",
    workaround: null,
  },
  guid: {
    github: "X-GitHub-Delivery is a GUID, the one in the list of deliveries",
    emulate: "it is a number, and the list has another",
    workaround: null,
  },
  redelivery: {
    github: "POST …/deliveries/{id}/attempts sends again",
    emulate: "404",
    workaround: null,
  },
  changes: {
    github: "`changes` of an edit hold the former texts",
    emulate: "they hold true and false",
    workaround: null,
  },
  labeled: {
    github: "labels of a new issue are announced by deliveries of their own",
    emulate: "they are not",
    workaround: null,
  },
  duplicate: {
    github: "an issue can be closed as `duplicate`",
    emulate: "the reason is ignored",
    workaround: null,
  },
} as const satisfies Readonly<Record<string, Deviation>>;

export type DeviationId = keyof typeof deviations;
