import { Buffer } from "node:buffer";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Backref } from "@backref/core";

export interface WebhookServer {
  /** Where a tracker delivers for an endpoint. */
  urlOf(endpoint: string): string;
  close(): Promise<void>;
}

/** Receives webhooks at `/webhooks/<endpoint>`. A framework that speaks Request and Response needs the middle line only. */
export async function startWebhookServer(webhooks: Backref["webhooks"]): Promise<WebhookServer> {
  const answer = async (message: IncomingMessage): Promise<Response> => {
    const endpoint = /^\/webhooks\/([\w-]+)$/.exec(message.url ?? "")?.[1];
    if (endpoint === undefined) return new Response(null, { status: 404 });
    return webhooks.handle(requestOf(message, await bodyOf(message)), { endpoint });
  };
  const server = createServer((message, reply) => {
    answer(message)
      .then((response) => send(response, reply))
      .catch(() => message.socket.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    urlOf: (endpoint) => `http://127.0.0.1:${port}/webhooks/${endpoint}`,
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** The signature covers the bytes as they came, so they must not be parsed on the way. */
async function bodyOf(message: IncomingMessage): Promise<Buffer<ArrayBuffer>> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function requestOf(message: IncomingMessage, body: Buffer<ArrayBuffer>): Request {
  const url = new URL(message.url ?? "/", "http://127.0.0.1");
  const headers = Object.entries(message.headersDistinct).flatMap(([name, values = []]) =>
    values.map((value): [string, string] => [name, value]),
  );
  return new Request(url, { method: message.method ?? "GET", headers, ...(body.length > 0 ? { body } : {}) });
}

async function send(response: Response, reply: ServerResponse): Promise<void> {
  reply.writeHead(response.status, Object.fromEntries(response.headers));
  reply.end(Buffer.from(await response.arrayBuffer()));
}
