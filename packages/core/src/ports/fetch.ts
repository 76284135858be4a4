/** The one way out: the shape of the global `fetch`, so that it can be replaced, counted and simulated. */
export type FetchFunction = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

/** What a source says about the connections to its tracker. */
export interface OutgoingConnection {
  /** Certificates, as PEM, of authorities that are trusted for it besides the usual ones; null for the usual ones only. */
  readonly caCertificate: string | null;
}

/**
 * A `fetch` that is told whose connection it is. One that takes two arguments is one too: it then trusts for every source
 * what it always does.
 */
export type OutgoingFetch = (
  input: string | URL | Request,
  init?: RequestInit,
  connection?: OutgoingConnection,
) => Promise<Response>;
