import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, connect, type Socket } from "node:net";
import { testCertificates } from "./test-certificates.ts";

export interface RealServer {
  readonly port: number;
  /** `METHOD path` of every request that arrived. */
  readonly requests: readonly string[];
  /** Of the requests, in order. */
  readonly headers: readonly IncomingMessage["headers"][];
  /** Connections that were opened, with or without a request. */
  readonly connections: () => number;
  close(): Promise<void>;
}

const answerJson: RequestListener = (_request, response) => {
  response.setHeader("content-type", "application/json").end('{"ok":true}');
};

/** A server on a free port of 127.0.0.1 that counts what reaches it. */
export function startServer(listener: RequestListener = answerJson, secure = false): Promise<RealServer> {
  const requests: string[] = [];
  const headers: IncomingMessage["headers"][] = [];
  const counted: RequestListener = (request, response) => {
    requests.push(`${request.method} ${request.url}`);
    headers.push(request.headers);
    listener(request, response);
  };
  const server = secure ? createTlsServer(testCertificates.server, counted) : createServer(counted);
  return listen(server, requests, headers);
}

/** With a certificate for `tracker.example.com` that ended in 2021. */
export function startExpiredServer(): Promise<RealServer> {
  const { key } = testCertificates.server;
  return listen(createTlsServer({ key, cert: testCertificates.expired }, answerJson), [], []);
}

/** A proxy for CONNECT that leads every tunnel to one port of this machine; `requests` says where each was meant to go. */
export function startProxy(port: number, status = 200): Promise<RealServer> {
  const requests: string[] = [];
  const headers: IncomingMessage["headers"][] = [];
  const server = createServer((_request, response) => response.writeHead(405).end());
  server.on("connect", (request: IncomingMessage, socket: Socket) => {
    requests.push(`CONNECT ${request.url}`);
    headers.push(request.headers);
    socket.on("error", () => {});
    if (status !== 200) {
      socket.end(`HTTP/1.1 ${status} No\r\n\r\n`);
      return;
    }
    const tunnel = connect(port, "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      tunnel.pipe(socket).pipe(tunnel);
    });
    tunnel.on("error", () => socket.destroy());
  });
  return listen(server, requests, headers);
}

async function listen(server: Server, requests: string[], headers: IncomingMessage["headers"][]): Promise<RealServer> {
  const sockets = new Set<Socket>();
  let count = 0;
  server.on("connection", (socket: Socket) => {
    count += 1;
    sockets.add(socket);
    socket.on("error", () => {}).on("close", () => sockets.delete(socket));
  });
  server.on("tlsClientError", () => {});
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    requests,
    headers,
    connections: () => count,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
