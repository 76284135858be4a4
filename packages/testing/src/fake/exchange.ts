import type { Fault, Faults } from "./faults.ts";
import type { IncomingRequest, RequestHandler } from "./incoming.ts";
import { LateRequests } from "./late-requests.ts";
import { meetFaults } from "./meet-faults.ts";
import type { RequestLog } from "./request-log.ts";

/** A request that was understood. */
export interface Arrival {
  /** As faults and the log name it. */
  readonly operation: string;
  /** The account that asks; null for nobody. */
  readonly account: string | null;
  /** Does the work; a read shows the state of `asOf`, in epoch milliseconds. */
  answer(request: IncomingRequest, asOf?: number): Promise<Response>;
}

/** A tracker, without the network in front of it. */
export interface Tracker {
  now(): number;
  arrive(request: IncomingRequest): Arrival;
  /** The request without some members of what it sends. */
  without(request: IncomingRequest, names: readonly string[]): IncomingRequest;
  /** An error of the tracker's own, without the work. */
  status(status: number): Response;
  /** The tracker's refusal that a fault stands for. */
  refuse(fault: Fault): Response;
  /** Headers by which it asks to wait after an answer of success. @default `Retry-After` alone */
  slowDown?(retryAfterSeconds: number): Readonly<Record<string, string>>;
}

export interface ExchangeParts {
  readonly tracker: Tracker;
  readonly faults: Faults;
  readonly log: RequestLog;
  readonly delay: (ms: number) => Promise<void>;
}

/** Runs one request from arrival to answer, with whatever faults were put in its way. */
export class Exchange implements RequestHandler {
  readonly #parts: ExchangeParts;
  readonly #late = new LateRequests();

  constructor(parts: ExchangeParts) {
    this.#parts = parts;
  }

  async handle(request: IncomingRequest): Promise<Response> {
    const { tracker, faults, log, delay } = this.#parts;
    const { method, url } = request;
    const path = `${url.pathname}${url.search}`;
    const arrival = tracker.arrive(request);
    const { operation, account } = arrival;
    const met = faults.take({ method, operation, path });
    const kinds = met.map((fault) => fault.kind);
    const finish = log.add({ method, path, operation, at: tracker.now(), account, conditional: false, faults: kinds });
    const response = await meetFaults(met, {
      answer: ({ without, agoMs } = {}) => {
        const sent = without === undefined ? request : tracker.without(request, without);
        return agoMs === undefined ? arrival.answer(sent) : arrival.answer(sent, tracker.now() - agoMs);
      },
      status: (status) => tracker.status(status),
      refuse: (fault) => tracker.refuse(fault),
      ...(tracker.slowDown !== undefined && { slowDown: (seconds) => tracker.slowDown?.(seconds) ?? {} }),
      later: (ms) => this.#late.add(delay(ms), () => arrival.answer(request)),
      delay,
    });
    finish(response.status);
    return response;
  }

  /** Waits for requests that are applied after their caller was given up on. */
  settle(): Promise<void> {
    return this.#late.settle();
  }
}
