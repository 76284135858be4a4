import type { Faults } from "../fake/faults.ts";
import type { IncomingRequest, RequestHandler } from "../fake/incoming.ts";
import { asObject } from "../fake/json.ts";
import { LateRequests } from "../fake/late-requests.ts";
import { meetFaults } from "../fake/meet-faults.ts";
import type { RequestLog } from "../fake/request-log.ts";
import { toResponse } from "../fake/response.ts";
import type { Service } from "./service.ts";
import type { World } from "./world.ts";

export interface ExchangeParts {
  readonly world: World;
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
    const { world, service, faults, log, delay } = this.#parts;
    const operation = nameOf(request);
    const path = `${request.url.pathname}${request.url.search}`;
    const met = faults.take({ method: request.method, operation, path });
    const token = service.tokenOf(request);
    const finish = log.add({
      method: request.method,
      path,
      operation,
      at: world.now(),
      account: token === null ? null : (world.users.get(token.userId)?.name ?? null),
      conditional: false,
      faults: met.map((fault) => fault.kind),
    });
    const response = await meetFaults(met, {
      answer: ({ without, agoMs } = {}) =>
        service.answer(
          without === undefined ? request : withoutMembers(request, without),
          agoMs === undefined ? undefined : world.now() - agoMs,
        ),
      status: (status) => toResponse(status, {}, { error: "Something went wrong." }),
      refuse: (fault) => service.refuse(fault),
      later: (ms) => this.#late.add(delay(ms), () => service.answer(request)),
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

function nameOf({ method, url, body }: IncomingRequest): string {
  if (method === "PUT") return "put file";
  return url.pathname === "/oauth/token" ? "oauth token" : operationOf(body);
}

/** `query issues`, `mutation issueCreate`, as the document's own name says. */
export function operationOf(body: string): string {
  const source = String(asObject(body === "" ? {} : JSON.parse(body))["query"]);
  const [, kind = "query", name = "unnamed"] = /^\s*(query|mutation)\s+(\w+)/.exec(source) ?? [];
  return `${kind} ${name}`;
}

/** Without some members of the mutation's input. */
function withoutMembers(request: IncomingRequest, names: readonly string[]): IncomingRequest {
  const body = asObject(JSON.parse(request.body));
  const variables = asObject(body["variables"]);
  const input = Object.entries(asObject(variables["input"])).filter(([name]) => !names.includes(name));
  const kept = { ...variables, ...("input" in variables && { input: Object.fromEntries(input) }) };
  return { ...request, body: JSON.stringify({ ...body, variables: kept }) };
}
