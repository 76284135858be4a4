/** One request as the fake saw it arrive. */
export interface RequestLogEntry {
  readonly method: string;
  /** Path with query string, as sent. */
  readonly path: string;
  /** Path template of GitHub's contract, `graphql`, or `unknown`. */
  readonly operation: string;
  /** Status of the answer; 0 while there is none and when the connection was dropped. */
  readonly status: number;
  /** Epoch milliseconds of arrival. */
  readonly at: number;
  /** Login of the token's account, or `null`. */
  readonly account: string | null;
  /** Whether `If-None-Match` or `If-Modified-Since` was sent. */
  readonly conditional: boolean;
  /** Kinds of the faults that were injected into this request. */
  readonly faults: readonly string[];
}

/** All requests in order of arrival, over the port and in process alike. Refused connections are listed too. */
export class RequestLog {
  readonly entries: RequestLogEntry[] = [];

  add(entry: Omit<RequestLogEntry, "status">): (status: number) => void {
    const logged = { ...entry, status: 0 };
    this.entries.push(logged);
    return (status) => {
      logged.status = status;
    };
  }
}
