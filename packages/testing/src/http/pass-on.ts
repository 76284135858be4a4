import { Buffer } from "node:buffer";
import {
  request as httpRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type OutgoingHttpHeaders,
} from "node:http";

/** A request as it arrived, its body read to the end. */
export interface PassedRequest {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface PassedAnswer {
  readonly status: number;
  /** With the length of the body, and with nothing that concerns one connection only. */
  readonly headers: OutgoingHttpHeaders;
  readonly body: Buffer;
}

export async function readBody(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

/** Headers that concern one connection, not the message. */
const ofConnection: ReadonlySet<string> = new Set(["connection", "keep-alive", "transfer-encoding"]);

function ofMessage(headers: IncomingHttpHeaders): OutgoingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !ofConnection.has(name)));
}

const statusesWithoutBody: ReadonlySet<number> = new Set([204, 304]);

/** Asks the target what the proxy was asked, by a connection of its own. The `Host` stays that of the caller. */
export function passOn(target: string, { method, path, headers, body }: PassedRequest): Promise<PassedAnswer> {
  return new Promise((resolve, reject) => {
    const length = body.byteLength === 0 ? {} : { "content-length": body.byteLength };
    const options = { method, agent: false, headers: { ...ofMessage(headers), ...length } };
    const asking = httpRequest(`${target}${path}`, options, (message) => {
      const answer = async (): Promise<PassedAnswer> => {
        const answered = await readBody(message);
        const status = message.statusCode ?? 502;
        const counted = statusesWithoutBody.has(status) ? {} : { "content-length": answered.byteLength };
        return { status, headers: { ...ofMessage(message.headers), ...counted }, body: answered };
      };
      answer().then(resolve, reject);
    });
    asking.once("error", reject);
    asking.end(body);
  });
}
