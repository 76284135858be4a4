import type { RequestInit as UndiciRequestInit } from "undici";
import type { OutgoingFetch } from "../ports/fetch.ts";
import { type ResolveName, systemResolve } from "./checked-lookup.ts";
import { createDispatchers } from "./dispatchers.ts";

/** Where connections may go, and which way. */
export interface OutgoingFetchOptions {
  /** Let connections go into private networks. @default false */
  readonly allowPrivateAddresses?: boolean;
  /**
   * Address of the proxy that requests go through, by HTTP CONNECT, for example `http://proxy.example.com:3128`, with user
   * name and password in it where it wants them; or a function that says so for every target, null for none. The proxy
   * resolves names itself, so only what stands in the URL can be checked then. @default null
   */
  readonly proxy?: string | null | ((target: URL) => string | null);
  /** Finds the addresses of a name. @default asks the operating system */
  readonly resolve?: ResolveName;
  /** Longest time for connecting, TLS included. @default 10_000 */
  readonly connectTimeoutMs?: number;
}

/** A `fetch` with connections of its own. */
export interface ClosableFetch extends OutgoingFetch {
  /** Waits for requests in progress and closes idle connections. It opens new ones when used again. */
  close(): Promise<void>;
}

/**
 * The `fetch` that `createBackref` uses by itself, for hosts that wrap it. It connects to no private address, whatever the
 * URL or the name service says, trusts a source's own certificate authorities for that source only, and can go through a
 * proxy. Loads `undici` on first use. Everything else is as in the global `fetch`.
 *
 * @throws TypeError for a proxy that is no http or https URL
 */
export function createOutgoingFetch(options: OutgoingFetchOptions = {}): ClosableFetch {
  const { allowPrivateAddresses = false, proxy = null, resolve = systemResolve, connectTimeoutMs = 10_000 } = options;
  if (typeof proxy === "string") checkProxy(proxy);
  const proxyFor = typeof proxy === "function" ? proxy : () => proxy;
  const dispatchers = createDispatchers({ allowPrivateAddresses, resolve, connectTimeoutMs });

  const send: OutgoingFetch = async (input, init, connection) => {
    const request = typeof input === "object" && "method" in input ? input : null;
    const url = new URL(request?.url ?? String(input));
    const chosen = proxyFor(url);
    if (chosen !== null) checkProxy(chosen);
    const { fetch } = await import("undici");
    const dispatcher = await dispatchers.of({ caCertificate: connection?.caCertificate ?? null, proxy: chosen });
    const answer = await fetch(url, { ...(await plainInit(request, init)), dispatcher });
    return asGlobalResponse(answer as unknown as Response);
  };
  return Object.assign(send, { close: () => dispatchers.close() });
}

function checkProxy(proxy: string): void {
  if (URL.canParse(proxy) && /^https?:$/.test(new URL(proxy).protocol)) return;
  throw new TypeError("The proxy must be an http or https URL, such as http://proxy.example.com:3128.");
}

/** Requests, headers and forms of the global classes mean nothing to undici's own, so they are taken apart. */
async function plainInit(request: Request | null, init: RequestInit | undefined): Promise<UndiciRequestInit> {
  const headers = new Headers(init?.headers ?? request?.headers);
  let body = init?.body ?? request?.body ?? null;
  if (body instanceof FormData) {
    const form = new Response(body);
    if (!headers.has("content-type")) headers.set("content-type", form.headers.get("content-type") ?? "");
    body = await form.arrayBuffer();
  }
  const { method, redirect, signal } = { ...pick(request), ...pick(init) };
  return {
    headers: [...headers],
    ...(method === undefined ? {} : { method }),
    ...(redirect === undefined ? {} : { redirect }),
    ...(signal === undefined ? {} : { signal }),
    ...(body === null ? {} : { body: body as NonNullable<UndiciRequestInit["body"]> }),
    ...(body instanceof ReadableStream ? { duplex: "half" } : {}),
  };
}

type Plain = Pick<RequestInit, "method" | "redirect" | "signal">;

function pick(source: Request | RequestInit | null | undefined): Plain {
  const { method, redirect, signal } = source ?? {};
  return {
    ...(method === undefined ? {} : { method }),
    ...(redirect === undefined ? {} : { redirect }),
    ...(signal === undefined || signal === null ? {} : { signal }),
  };
}

const statusesWithoutBody = new Set([204, 205, 304]);

/** What a host or a tracker's client tests with `instanceof`. */
function asGlobalResponse(answer: Response): Response {
  const { status, statusText, url, redirected } = answer;
  const body = statusesWithoutBody.has(status) ? null : answer.body;
  const copy = new Response(body, { status, statusText, headers: [...answer.headers] });
  Object.defineProperty(copy, "url", { value: url });
  Object.defineProperty(copy, "redirected", { value: redirected });
  return copy;
}
