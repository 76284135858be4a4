import { asObject } from "./json.ts";

/** A request as it arrived, over the port or in process. */
export interface IncomingRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Headers;
  /** The raw body; empty when none was sent. */
  readonly body: string;
  /** The same byte for byte, where it may be no text. */
  readonly bytes?: Uint8Array;
}

/** What answers requests, or throws `ConnectionLost`. */
export interface RequestHandler {
  handle(request: IncomingRequest): Promise<Response>;
}

/** The connection ended without an answer; `code` is the system error a client sees. */
export class ConnectionLost extends Error {
  readonly code: "ECONNREFUSED" | "ECONNRESET";

  constructor(code: "ECONNREFUSED" | "ECONNRESET") {
    super(code === "ECONNREFUSED" ? "connect ECONNREFUSED" : "read ECONNRESET");
    this.name = "ConnectionLost";
    this.code = code;
  }
}

/** Without some members at the top of its body. */
export function withoutFields(request: IncomingRequest, fields: readonly string[]): IncomingRequest {
  if (request.body === "") return request;
  const kept = Object.entries(asObject(JSON.parse(request.body))).filter(([name]) => !fields.includes(name));
  return { ...request, body: JSON.stringify(Object.fromEntries(kept)) };
}
