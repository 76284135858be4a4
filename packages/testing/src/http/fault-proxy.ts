import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import { createDice } from "../simulation/kernel/dice.ts";
import { type PassedRequest, passOn, readBody } from "./pass-on.ts";
import { checkChances, drawFault, type FaultChances, type ProxyFault } from "./proxy-fault.ts";

/** How a fault proxy is set up. */
export interface FaultProxyOptions {
  /** Base URL of the server that requests are passed on to: plain `http`, without a trailing slash. */
  readonly target: string;
  /**
   * Decides which requests meet a fault, and how long things take. The n-th request of two runs meets the same fault;
   * which request is the n-th is up to the clients. @default 1
   */
  readonly seed?: number;
  /** How often requests meet which fault, to begin with. @default none */
  readonly chances?: FaultChances;
  /** Most milliseconds that a `delay` takes, a `late` request is held back, and a refusing port stays shut. @default 1000 */
  readonly longestWaitMs?: number;
}

/** A request that met a fault. */
export interface MetFault {
  readonly fault: ProxyFault;
  readonly method: string;
  /** Path and query. */
  readonly path: string;
}

/** A proxy that does to requests what networks do to them. */
export interface FaultProxy {
  /** To be used in place of the target's base URL. A free port of 127.0.0.1, the same as long as the proxy lives. */
  readonly url: string;
  /** The requests that met a fault so far, in the order of their arrival. */
  readonly met: readonly MetFault[];
  /** Changes how often requests meet which fault from now on; `{}` ends all trouble. */
  setChances(chances: FaultChances): void;
  /** Waits until the port is open and nothing is on its way any more, late requests included. */
  settle(): Promise<void>;
  /** Ends all connections. What is late is passed on before. */
  close(): Promise<void>;
}

const gatewayPage = "<html><head><title>502 Bad Gateway</title></head><body>502 Bad Gateway</body></html>\n";
const portRetryMs = 20;

/**
 * Opens a proxy on a port of this machine that passes requests on to another server and, as often as its chances say,
 * gets in their way: it refuses connections, resets them before or after the request was passed on, answers with 502
 * although the work was done, cuts answers short, takes its time, and passes a request on after its sender has given up.
 *
 * It is meant for tests of whatever speaks HTTP and has to survive that, such as a provider with its real client and the
 * real `fetch`. It uses real time; every answer ends its connection, so that nothing depends on a client's pool.
 *
 * @example
 * ```ts
 * import { createFaultProxy } from "@backref/testing";
 * import { createFakeGitHub } from "@backref/testing/github";
 *
 * const fake = createFakeGitHub({ repositories: ["acme/web"] });
 * const server = await fake.listen();
 * const proxy = await createFaultProxy({ target: server.url, seed: 7, chances: { "reset-after": 0.1, late: 0.05 } });
 * // … work with `proxy.url` as the tracker's base URL, then let it come to rest:
 * proxy.setChances({});
 * await proxy.settle();
 * await proxy.close();
 * await server.close();
 * ```
 */
export async function createFaultProxy(options: FaultProxyOptions): Promise<FaultProxy> {
  const { target, seed = 1, longestWaitMs = 1_000 } = options;
  const dice = createDice(seed, "fault proxy");
  const met: MetFault[] = [];
  const running = new Set<Promise<void>>();
  let chances = checkChances(options.chances ?? {});
  let isClosed = false;

  /** Remembers what has to end before things are at rest. What fails on the way concerns one connection only. */
  const keep = (task: () => Promise<void>) => {
    const kept: Promise<void> = task()
      .catch(() => {})
      .finally(() => running.delete(kept));
    running.add(kept);
  };
  const settle = async () => {
    while (running.size > 0) await Promise.all(running);
  };

  const server = createServer((message, reply) => keep(() => serve(message, reply)));
  const listen = (port: number) =>
    new Promise<void>((resolve, reject) => {
      server.once("error", reject).listen(port, "127.0.0.1", () => {
        server.off("error", reject);
        resolve();
      });
    });
  const portOf = () => {
    const address = server.address();
    return typeof address === "object" && address !== null ? address.port : 0;
  };
  const shutFor = async (durationMs: number) => {
    if (!server.listening) return;
    server.close();
    await wait(durationMs);
    // Somebody may have been given the port in the meantime; it comes back soon.
    while (!isClosed && !server.listening) await listen(port).catch(() => wait(portRetryMs));
  };

  const answer = async (request: PassedRequest, reply: ServerResponse, fault: ProxyFault | null, waitMs: number) => {
    const { socket } = reply;
    const { status, headers, body } = await passOn(target, request);
    if (fault === "reset-after") {
      socket?.resetAndDestroy();
      return;
    }
    if (fault === "bad-gateway") {
      reply.writeHead(502, { "content-type": "text/html", connection: "close" }).end(gatewayPage);
      return;
    }
    if (fault === "delay") await wait(waitMs);
    reply.writeHead(status, { ...headers, connection: "close" });
    if (fault === "truncate") reply.write(body.subarray(0, body.byteLength >> 1), () => socket?.destroy());
    else reply.end(body);
  };

  const serve = async (message: IncomingMessage, reply: ServerResponse) => {
    const { method = "GET", url: path = "/", headers, socket } = message;
    const fault = drawFault(dice, chances);
    const waitMs = dice.between(0, longestWaitMs);
    if (fault !== null) met.push({ fault, method, path });
    try {
      const request = { method, path, headers, body: await readBody(message) };
      if (fault === "refuse" || fault === "reset-before" || fault === "late") socket.resetAndDestroy();
      if (fault === "refuse") await shutFor(waitMs);
      if (fault === "refuse" || fault === "reset-before") return;
      if (fault === "late") {
        await wait(waitMs);
        await passOn(target, request);
      } else await answer(request, reply, fault, waitMs);
    } catch (error) {
      socket.destroy();
      throw error;
    }
  };

  await listen(0);
  const port = portOf();
  return {
    url: `http://127.0.0.1:${port}`,
    met,
    setChances(changed) {
      chances = checkChances(changed);
    },
    settle,
    async close() {
      isClosed = true;
      await settle();
      server.closeAllConnections();
      if (server.listening) await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
