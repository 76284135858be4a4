import type { IncomingMessage } from "node:http";

/** A framework that buffers the body itself gets Backref's own limit: `limits.webhookBodyBytes`. */
export const bodyLimitBytes = 5_000_000;

/** The web request of a framework that has Node's: every header, and the body byte for byte as it arrived. */
export function webRequest(message: IncomingMessage, body: unknown): Request {
  const headers = Object.entries(message.headersDistinct).flatMap(([name, values = []]) =>
    values.map((value): [string, string] => [name, value]),
  );
  const url = new URL(message.url ?? "/", "http://localhost");
  const bytes = body instanceof Uint8Array && body.length > 0 ? { body: new Uint8Array(body) } : {};
  return new Request(url, { method: message.method ?? "POST", headers, ...bytes });
}
