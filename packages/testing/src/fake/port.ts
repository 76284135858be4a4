import { Buffer } from "node:buffer";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { RequestHandler } from "./incoming.ts";

/** The fake on a real port of 127.0.0.1. */
export interface ListeningFake {
  /** Base URL without a trailing slash; GitHub has GraphQL at `${url}/graphql`. */
  readonly url: string;
  /** Ends all connections. */
  close(): Promise<void>;
}

/** Serves the exchange on a free port; a lost connection resets the socket. */
export async function listenOnPort(exchange: RequestHandler, onClose: () => void): Promise<ListeningFake> {
  const server = createServer((message, reply) => {
    serve(exchange, message, reply).catch(() => message.socket.resetAndDestroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close() {
      onClose();
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

async function serve(exchange: RequestHandler, message: IncomingMessage, reply: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  const headers = new Headers();
  for (const [name, value] of Object.entries(message.headers)) headers.set(name, String(value));
  const url = new URL(message.url ?? "/", `http://${message.headers.host ?? "127.0.0.1"}`);
  const bytes = Buffer.concat(chunks);
  const body = bytes.toString("utf8");
  const response = await exchange.handle({ method: message.method ?? "GET", url, headers, body, bytes });
  reply.writeHead(response.status, Object.fromEntries(response.headers));
  reply.end(Buffer.from(await response.arrayBuffer()));
}
