import type { Fault } from "../fake/faults.ts";
import type { IncomingRequest } from "../fake/incoming.ts";
import { asObject, type JsonObject } from "../fake/json.ts";
import { toResponse } from "../fake/response.ts";
import { answerAdminHooks } from "./admin-hooks.ts";
import type { JiraCall } from "./call.ts";
import type { JiraContract } from "./contract.ts";
import type { TrackerEvent } from "./events.ts";
import { JiraFailure } from "./failure.ts";
import { type Location, locate, type Site, tokenOf } from "./incoming.ts";
import type { TokenRecord } from "./model.ts";
import type { OAuth } from "./oauth.ts";
import type { RateLimits } from "./rate-limits.ts";
import { findRoute, operationName, type Route } from "./router.ts";
import type { World } from "./world.ts";

/** A request on its way to an answer; `asOf` makes a read show an earlier state. */
export interface Answering {
  readonly request: IncomingRequest;
  readonly location: Location;
  readonly route: Route | null;
  readonly asOf?: number;
}

export interface ServiceParts {
  readonly world: World;
  readonly oauth: OAuth | null;
  readonly limits: RateLimits;
  readonly contract: () => JiraContract | null;
  readonly site: () => Site;
  readonly indexLagMs: number;
  readonly violations: string[];
  readonly emit: (event: TrackerEvent) => void;
}

/** What an app's token needs for each kind of operation; personal credentials have no scopes. */
const scopes = {
  read: "read:jira-work",
  write: "write:jira-work",
  webhook: "manage:jira-webhook",
  none: null,
} as const;

/** Jira itself, without the network in front of it. */
export class Service {
  readonly world: World;
  readonly #parts: ServiceParts;

  constructor(parts: ServiceParts) {
    this.world = parts.world;
    this.#parts = parts;
  }

  locate(url: URL): Location {
    return locate(url, this.#parts.site());
  }

  route(method: string, location: Location): Route | null {
    return location.kind === "api" ? findRoute(method, location.path, this.world.deployment) : null;
  }

  /** The account behind a request, for the log. */
  accountOf(request: IncomingRequest, location: Location): string | null {
    const isGateway = location.kind === "api" && location.isGateway;
    return tokenOf(this.world, this.#parts.oauth, request.headers, isGateway)?.user.name ?? null;
  }

  async answer(answering: Answering): Promise<Response> {
    const { request, location } = answering;
    const { oauth, site } = this.#parts;
    if (location.kind === "token" && oauth !== null) return oauth.answer(request.body);
    if (location.kind === "resources" && oauth !== null) {
      return oauth.resources((request.headers.get("authorization") ?? "").replace(/^Bearer /i, ""));
    }
    if (location.kind === "tenant-info") return toResponse(200, {}, { cloudId: site().cloudId });
    try {
      if (location.kind === "admin-hooks") {
        const { id, selfUrl } = location;
        const token = this.#admit(request, null, false);
        const body = asObject(parseBody(request));
        const answer = answerAdminHooks({ world: this.world, token, method: request.method, id, selfUrl, body });
        return this.#respond(answer.status, answer.body);
      }
      if (location.kind !== "api") throw new JiraFailure(404, ["The page was not found."]);
      const limited = this.#parts.limits.admit(request.method, answering.route);
      if (limited !== null) return limited;
      return this.#answerApi(answering, location);
    } catch (error) {
      if (!(error instanceof JiraFailure)) throw error;
      return this.#respond(error.status, { errorMessages: error.errorMessages, errors: error.errors });
    }
  }

  /** The answer to a request that an injected fault refuses. */
  refuse(fault: Fault): Response {
    if (fault.kind === "rate-limit-primary") return this.#parts.limits.quotaExceeded(fault.resetSeconds);
    if (fault.kind === "rate-limit-secondary") return this.#parts.limits.burstExceeded(fault.retryAfterSeconds);
    return this.#respond(403, { errorMessages: ["You do not have permission to do this."], errors: {} });
  }

  #answerApi({ request, route, asOf }: Answering, location: Extract<Location, { kind: "api" }>): Response {
    const token = this.#admit(request, route, location.isGateway);
    if (route === null) throw new JiraFailure(404, ["There is nothing at this address."]);
    const isMultipart = /^multipart\//.test(request.headers.get("content-type") ?? "");
    const body = isMultipart ? undefined : parseBody(request);
    this.#checkContract(route, request, body);
    const { world, indexLagMs, emit, site } = this.#parts;
    const isPast = asOf !== undefined || indexLagMs > 0;
    const call: JiraCall = {
      world,
      token,
      params: route.params,
      query: request.url.searchParams,
      body: asObject(body),
      text: request.body,
      bytes: request.bytes ?? new TextEncoder().encode(request.body),
      headers: request.headers,
      selfUrl: location.selfUrl,
      siteUrl: site().siteUrl,
      asOf: route.operation.scope === "read" ? asOf : undefined,
      indexedAt: isPast ? Math.min(asOf ?? world.now(), world.now() - indexLagMs) : undefined,
      emit,
    };
    const answer = route.operation.handle(call);
    return this.#respond(answer.status, answer.body);
  }

  #admit(request: IncomingRequest, route: Route | null, isGateway: boolean): TokenRecord {
    const token = tokenOf(this.world, this.#parts.oauth, request.headers, isGateway);
    if (token === undefined) throw new JiraFailure(401, ["Client must be authenticated to access this resource."]);
    if (token === null) {
      if (route?.operation.scope !== "none")
        throw new JiraFailure(401, ["You are not authenticated. Authentication required to perform this operation."]);
      const user = { accountId: "", name: "", displayName: "", email: null, timeZone: "" };
      return { value: "", kind: "api-token", user, permissions: new Set(), scopes: null, isRevoked: false };
    }
    const needed =
      route === null ? null : route.operation.template === "/myself" ? "read:jira-user" : scopes[route.operation.scope];
    if (token.scopes !== null && needed !== null && !token.scopes.includes(needed))
      throw new JiraFailure(401, ["Unauthorized; scope does not match"]);
    return token;
  }

  /** Only Cloud's contract is public; a request that it does not allow is a mistake of the client under test. */
  #checkContract(route: Route, request: IncomingRequest, body: unknown): void {
    const contract = this.world.deployment === "cloud" ? this.#parts.contract() : null;
    if (contract === null) return;
    const operation = operationName(route.operation);
    const params = { ...route.params };
    const isMultipart = route.operation.template.endsWith("/attachments");
    const complaints = isMultipart
      ? []
      : [
          ...contract.requests.checkRequest({ operation, params, query: request.url.searchParams, body }),
          ...documentsOf(body).flatMap((document) => contract.checkDocument(document)),
        ];
    if (complaints.length === 0) return;
    this.#parts.violations.push(...complaints.map((complaint) => `${operation}: ${complaint}`));
    throw new JiraFailure(400, [`contract violation: ${complaints.join("; ")}`]);
  }

  #respond(status: number, body: unknown): Response {
    const headers = { date: new Date(this.world.now()).toUTCString(), ...this.#parts.limits.headers() };
    if (status === 204 || status === 202) return toResponse(status, headers);
    return toResponse(status, headers, body);
  }
}

/** Documents of ADF in a request, wherever they stand. */
function documentsOf(value: unknown): readonly JsonObject[] {
  if (Array.isArray(value)) return value.flatMap(documentsOf);
  const object = asObject(value);
  if (object["type"] === "doc" && "content" in object) return [object];
  return Object.entries(object).flatMap(([name, member]) => (name === "properties" ? [] : documentsOf(member)));
}

function parseBody(request: IncomingRequest): unknown {
  if (request.body === "") return undefined;
  try {
    return JSON.parse(request.body) as unknown;
  } catch {
    throw new JiraFailure(400, ["Unexpected character in the request: it is no JSON."]);
  }
}
