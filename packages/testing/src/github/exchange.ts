import type { Fault, Faults } from "../fake/faults.ts";
import { type IncomingRequest, withoutFields } from "../fake/incoming.ts";
import { LateRequests } from "../fake/late-requests.ts";
import { meetFaults } from "../fake/meet-faults.ts";
import type { RequestLog } from "../fake/request-log.ts";
import { toResponse } from "../fake/response.ts";
import { statusBody } from "./answers.ts";
import { locate, tokenOf } from "./location.ts";
import type { RateLimits } from "./rate-limits.ts";
import type { Answering, Service } from "./service.ts";

/** Runs one request from arrival to answer, with whatever faults were put in its way. */
export class Exchange {
  readonly #service: Service;
  readonly #faults: Faults;
  readonly #log: RequestLog;
  readonly #limits: RateLimits;
  readonly #delay: (ms: number) => Promise<void>;
  readonly #keep: () => Promise<void> | void;
  readonly #late = new LateRequests();

  constructor(parts: {
    service: Service;
    faults: Faults;
    log: RequestLog;
    limits: RateLimits;
    delay: (ms: number) => Promise<void>;
    /** Called when a request may have changed something, before its answer leaves. */
    keep: () => Promise<void> | void;
  }) {
    this.#service = parts.service;
    this.#faults = parts.faults;
    this.#log = parts.log;
    this.#limits = parts.limits;
    this.#delay = parts.delay;
    this.#keep = parts.keep;
  }

  /** Answers the request, or throws `ConnectionLost`. */
  async handle(request: IncomingRequest): Promise<Response> {
    const { method, url, headers } = request;
    const location = locate(url);
    const route = location.isGraphQL ? null : this.#service.route(method, location.path);
    const operation = location.isGraphQL ? "graphql" : (route?.operation.template ?? "unknown");
    const account = tokenOf(this.#service.world, headers)?.user.login ?? null;
    const faults = this.#faults.take({ method, operation, path: `${location.path}${url.search}` });
    const finish = this.#log.add({
      method,
      path: `${url.pathname}${url.search}`,
      operation,
      at: this.#service.world.now(),
      account,
      conditional: headers.has("if-none-match") || headers.has("if-modified-since"),
      faults: faults.map((fault) => fault.kind),
    });
    const end = this.#limits.begin(account);
    try {
      const response = await this.#pass({ request, location, route }, faults);
      finish(response.status);
      return response;
    } finally {
      end();
    }
  }

  /** Waits for requests that are applied after their caller was given up on. */
  settle(): Promise<void> {
    return this.#late.settle();
  }

  #pass(answering: Answering, faults: readonly Fault[]): Promise<Response> {
    return meetFaults(faults, {
      answer: ({ without, agoMs } = {}) => {
        const request = without === undefined ? answering.request : withoutFields(answering.request, without);
        const asOf = agoMs === undefined ? {} : { asOf: this.#service.world.now() - agoMs };
        return this.#answer({ ...answering, request, ...asOf });
      },
      status: (status) => toResponse(status, {}, statusBody(status)),
      refuse: (fault) => this.#service.refuse(answering, fault),
      later: (ms) => this.#late.add(this.#delay(ms), () => this.#answer(answering)),
      delay: this.#delay,
    });
  }

  async #answer(answering: Answering): Promise<Response> {
    const response = await this.#service.answer(answering);
    const isRead = answering.request.method === "GET" || answering.location.isGraphQL;
    if (!isRead) await this.#keep();
    return response;
  }
}
