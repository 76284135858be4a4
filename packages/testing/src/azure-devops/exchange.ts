import type { Faults } from "../fake/faults.ts";
import type { IncomingRequest, RequestHandler } from "../fake/incoming.ts";
import { asObject, asText } from "../fake/json.ts";
import { LateRequests } from "../fake/late-requests.ts";
import { meetFaults } from "../fake/meet-faults.ts";
import type { RequestLog } from "../fake/request-log.ts";
import { toResponse } from "../fake/response.ts";
import { AzureDevOpsFailure, errorBody } from "./failure.ts";
import type { Answering, Service } from "./service.ts";

export interface ExchangeParts {
  readonly service: Service;
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
    const { service, faults, log, delay } = this.#parts;
    const { method, url } = request;
    const location = service.locate(url);
    const route = service.route(method, location);
    const operation = route?.operation.template ?? (location.kind === "api" ? "unknown" : location.kind);
    const met = faults.take({ method, operation, path: `${url.pathname}${url.search}` });
    const finish = log.add({
      method,
      path: `${url.pathname}${url.search}`,
      operation,
      at: service.world.now(),
      account: service.accountOf(request),
      conditional: false,
      faults: met.map((fault) => fault.kind),
    });
    const answering: Answering = { request, location, route };
    const response = await meetFaults(met, {
      answer: ({ without, agoMs } = {}) => {
        const sent = without === undefined ? request : withoutOperations(request, without);
        const asOf = agoMs === undefined ? {} : { asOf: service.world.now() - agoMs };
        return service.answer({ ...answering, request: sent, ...asOf });
      },
      status: (status) =>
        toResponse(
          status,
          {},
          errorBody(new AzureDevOpsFailure(status, "VssServiceException", "Something went wrong.")),
        ),
      refuse: (fault) => service.refuse(fault),
      slowDown: (retryAfterSeconds) => service.slowDown(retryAfterSeconds),
      later: (ms) => this.#late.add(delay(ms), () => service.answer(answering)),
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

/** Without the operations on some fields, or without members where the body is an object. */
function withoutOperations(request: IncomingRequest, names: readonly string[]): IncomingRequest {
  if (request.body === "") return request;
  const body: unknown = JSON.parse(request.body);
  const isNamed = (path: string) => names.some((name) => path === name || path.endsWith(`/${name}`));
  const kept = Array.isArray(body)
    ? body.filter((operation) => !isNamed(asText(asObject(operation)["path"]) ?? ""))
    : Object.fromEntries(Object.entries(asObject(body)).filter(([name]) => !names.includes(name)));
  return { ...request, body: JSON.stringify(kept) };
}
