/** The one way out: the shape of the global `fetch`, so that it can be replaced, counted and simulated. */
export type FetchFunction = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;
