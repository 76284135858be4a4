import type { FetchFunction } from "@backref/core";

/** Everything Backref sends goes through the `fetch` it is given, so that is the place to count. */
export function countRequests(): { readonly fetch: FetchFunction; count(): number } {
  let requests = 0;
  return {
    fetch(input, init) {
      requests += 1;
      return fetch(input, init);
    },
    count: () => requests,
  };
}
