import { ConnectionLost, type IncomingRequest, type RequestHandler } from "./incoming.ts";

const redirects = new Set([301, 302, 307, 308]);
const redirectLimit = 20;

interface Prepared {
  readonly request: IncomingRequest;
  readonly redirect: string;
  readonly signal: AbortSignal | null;
}

/** `fetch` without a network: follows redirects, honours the abort signal and fails the way `fetch` does. */
export function createInProcessFetch(
  exchange: RequestHandler,
): (input: string | URL | Request, init?: RequestInit) => Promise<Response> {
  return async (input, init) => {
    const prepared = await prepare(input, init);
    let { request } = prepared;
    for (let followed = 0; followed <= redirectLimit; followed += 1) {
      const response = await answer(exchange, request, prepared.signal);
      Object.defineProperty(response, "url", { value: request.url.href });
      Object.defineProperty(response, "redirected", { value: followed > 0 });
      const location = response.headers.get("location");
      if (!redirects.has(response.status) || location === null || prepared.redirect === "manual") return response;
      if (prepared.redirect === "error")
        throw new TypeError("fetch failed", { cause: new Error("unexpected redirect") });
      request = redirected(request, response.status, new URL(location, request.url));
    }
    throw new TypeError("fetch failed", { cause: new Error("redirect count exceeded") });
  };
}

async function prepare(input: string | URL | Request, init: RequestInit = {}): Promise<Prepared> {
  const isPlain = !(input instanceof Request) && (init.body == null || typeof init.body === "string");
  if (isPlain) {
    const headers = new Headers(init.headers);
    const method = (init.method ?? "GET").toUpperCase();
    const body = typeof init.body === "string" ? init.body : "";
    const request = { method, url: new URL(input), headers, body };
    return { request, redirect: init.redirect ?? "follow", signal: init.signal ?? null };
  }
  const full = new Request(input, init);
  const bytes = new Uint8Array(await full.arrayBuffer());
  const body = new TextDecoder().decode(bytes);
  const request = { method: full.method, url: new URL(full.url), headers: full.headers, body, bytes };
  return { request, redirect: full.redirect, signal: full.signal };
}

/** 301 and 302 turn a POST into a GET; credentials stay with their origin. */
function redirected(request: IncomingRequest, status: number, url: URL): IncomingRequest {
  const headers = new Headers(request.headers);
  if (url.origin !== request.url.origin) headers.delete("authorization");
  const becomesGet = status < 303 && request.method === "POST";
  return becomesGet ? { method: "GET", url, headers, body: "" } : { ...request, url, headers };
}

async function answer(
  exchange: RequestHandler,
  request: IncomingRequest,
  signal: AbortSignal | null,
): Promise<Response> {
  signal?.throwIfAborted();
  const handled = exchange.handle(request).catch((error: unknown) => {
    throw error instanceof ConnectionLost ? new TypeError("fetch failed", { cause: error }) : error;
  });
  if (signal === null) return handled;
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason as Error);
    signal.addEventListener("abort", abort, { once: true });
    handled.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}
