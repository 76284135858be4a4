import type { Contract } from "../fake/contract/contract.ts";
import type { Fault } from "../fake/faults.ts";
import type { IncomingRequest } from "../fake/incoming.ts";
import { toResponse } from "../fake/response.ts";
import { missingPermission } from "./access.ts";
import { commonHeaders, failureAnswer, withValidators } from "./answers.ts";
import { refuseSuspended, requireApp } from "./app-access.ts";
import { isAppOperation } from "./app-operations.ts";
import { loadContract } from "./contract.ts";
import type { TrackerEvent } from "./events.ts";
import { ApiFailure, forbidden, notFound, unauthorized } from "./failure.ts";
import { answerGraphQL } from "./graphql.ts";
import { type ApiLocation, tokenOf } from "./location.ts";
import type { TokenRecord } from "./model.ts";
import { operationName } from "./operations.ts";
import { primaryExceeded, type RateLimits, type RateResource, secondaryExceeded } from "./rate-limits.ts";
import type { RequestBody, RestAnswer, RestOperation } from "./rest-call.ts";
import { createRouter, type Route } from "./router.ts";
import { type ApiVersion, apiVersions, type View } from "./view.ts";
import type { World } from "./world.ts";

/** What GitHub's limits on creating content count. */
const creating: ReadonlySet<string> = new Set([
  "/repos/{owner}/{repo}/issues",
  "/repos/{owner}/{repo}/issues/{issue_number}/comments",
  "/repos/{owner}/{repo}/labels",
]);

/** A request on its way to an answer; `asOf` makes a read show an earlier state. */
export interface Answering {
  readonly request: IncomingRequest;
  readonly location: ApiLocation;
  readonly route: Route | null;
  readonly asOf?: number;
}

/** What the service is made of. */
export interface ServiceParts {
  readonly world: World;
  readonly limits: RateLimits;
  readonly operations: readonly RestOperation[];
  readonly htmlUrl: string;
  readonly lacks: View["lacks"];
  readonly checkContract: boolean;
  readonly violations: string[];
  readonly emit: (event: TrackerEvent) => void;
  /** Requests answered before. @default 0 */
  readonly answered?: number;
}

/** GitHub itself, without the network in front of it. */
export class Service {
  readonly world: World;
  readonly route: (method: string, path: string) => Route | null;
  readonly #parts: ServiceParts;
  readonly #operationNames: readonly string[];
  #answered: number;

  constructor(parts: ServiceParts) {
    this.world = parts.world;
    this.route = createRouter(parts.operations);
    this.#parts = parts;
    this.#answered = parts.answered ?? 0;
    this.#operationNames = parts.operations.map(operationName);
  }

  /** How many requests it has answered; their ids count on from there. */
  get answered(): number {
    return this.#answered;
  }

  async answer(answering: Answering): Promise<Response> {
    const resource = resourceOf(answering);
    const token = tokenOf(this.world, answering.request.headers) ?? null;
    const account = token?.user.login ?? null;
    const version = versionOf(answering.request.headers) ?? apiVersions[0];
    try {
      this.#admit(answering, account, resource);
      const body = parseBody(answering.request);
      const answer = answering.location.isGraphQL
        ? await this.#answerGraphQL(answering, token, version, body)
        : this.#answerRest(answering, token, version, body);
      return this.#respond(answer, token, version, resource);
    } catch (error) {
      return this.#respond(failureAnswer(error), token, version, resource);
    }
  }

  /** The answer to a request that an injected fault refuses. */
  refuse(answering: Answering, fault: Fault): Response {
    const resource = resourceOf(answering);
    const token = tokenOf(this.world, answering.request.headers) ?? null;
    const account = token?.user.login ?? null;
    const answer = failureAnswer(refusalOf(fault, token, account, this.world.now()));
    return this.#respond(answer, token, apiVersions[0], resource);
  }

  #admit({ request, route }: Answering, account: string | null, resource: RateResource): void {
    if ((request.headers.get("user-agent") ?? "") === "") {
      const message =
        "Request forbidden by administrative rules. Please make sure your request has a User-Agent header";
      throw forbidden(message);
    }
    if (versionOf(request.headers) === undefined)
      throw new ApiFailure(400, `Unsupported API version: ${request.headers.get("x-github-api-version")}`);
    if (isAppOperation(route?.operation)) return;
    const token = tokenOf(this.world, request.headers);
    if (token === undefined) throw unauthorized("Bad credentials");
    refuseSuspended(this.world, token);
    if (route?.operation.template === "/rate_limit") return;
    this.#parts.limits.checkPrimary(account, resource);
    const isWrite = resource !== "graphql" && request.method !== "GET";
    const isContent = request.method === "POST" && creating.has(route?.operation.template ?? "");
    this.#parts.limits.checkSecondary(account, { isWrite, isContent });
  }

  #answerRest(answering: Answering, token: TokenRecord | null, version: ApiVersion, body: unknown): RestAnswer {
    const { route, request, location } = answering;
    const { limits, emit } = this.#parts;
    const resource = resourceOf(answering);
    if (route === null) throw notFound();
    this.#checkContract(route, request, version, body);
    const app = isAppOperation(route.operation) ? requireApp(this.world, request.headers) : null;
    const account = token?.user.login ?? null;
    const isFree = app !== null || route.operation.template === "/rate_limit";
    try {
      const view = this.#view(answering, version, location.apiUrl);
      const query = request.url.searchParams;
      const { operation, params, rest } = route;
      const { method } = operation;
      const given = (body ?? {}) as RequestBody;
      const call = { method, world: this.world, view, token, app, params, query, body: given, rest, emit };
      const answer = operation.handle(call);
      const checked = request.method === "GET" ? withValidators(answer, request.headers) : answer;
      if (!isFree && checked.status !== 304) limits.spend(account, resource);
      return checked;
    } catch (error) {
      if (!isFree) limits.spend(account, resource);
      throw error;
    }
  }

  async #answerGraphQL(
    answering: Answering,
    token: TokenRecord | null,
    version: ApiVersion,
    body: unknown,
  ): Promise<RestAnswer> {
    if (answering.request.method !== "POST") throw notFound();
    if (token === null) throw unauthorized("This endpoint requires you to be authenticated.");
    const account = token.user.login;
    const outcome = await answerGraphQL({
      view: this.#view(answering, version, answering.location.apiUrl),
      token,
      body,
      violation: (message) => this.#parts.violations.push(message),
      rate: () => this.#parts.limits.state(account, "graphql"),
    });
    this.#parts.limits.spend(account, "graphql", outcome.cost);
    return { status: 200, body: outcome.body };
  }

  #checkContract(route: Route, request: IncomingRequest, version: ApiVersion, body: unknown): void {
    if (!this.#parts.checkContract) return;
    const contract: Contract = loadContract(version, this.#operationNames);
    const operation = operationName(route.operation);
    const params = { ...route.params };
    const complaints = contract.checkRequest({ operation, params, query: request.url.searchParams, body });
    if (complaints.length === 0) return;
    this.#parts.violations.push(...complaints.map((complaint) => `${operation}: ${complaint}`));
    throw new ApiFailure(422, `contract violation: ${complaints.join("; ")}`);
  }

  #view(answering: Answering, apiVersion: ApiVersion, apiUrl: string): View {
    const asOf = answering.request.method === "GET" || answering.location.isGraphQL ? answering.asOf : undefined;
    const { htmlUrl, lacks } = this.#parts;
    return { world: this.world, apiUrl, htmlUrl, apiVersion, lacks, asOf };
  }

  #respond(answer: RestAnswer, token: TokenRecord | null, apiVersion: string, resource: RateResource): Response {
    this.#answered += 1;
    const rate = this.#parts.limits.state(token?.user.login ?? null, resource);
    const requestId = `FAKE:${this.#answered.toString(16).toUpperCase().padStart(8, "0")}`;
    const common = commonHeaders({ requestId, now: this.world.now(), apiVersion, token, resource, rate });
    const headers = { ...common, ...answer.headers };
    if (resource === "graphql" && answer.status === 403 && headers["x-ratelimit-remaining"] === "0") {
      const message = (answer.body as { message: string }).message;
      return toResponse(200, headers, { errors: [{ type: "RATE_LIMITED", message }] });
    }
    return toResponse(answer.status, headers, answer.body);
  }
}

/** Which primary limit a request counts towards. */
function resourceOf({ location, route }: Answering): RateResource {
  if (location.isGraphQL) return "graphql";
  return route?.operation.template.startsWith("/search/") ? "search" : "core";
}

function versionOf(headers: Headers): ApiVersion | undefined {
  const asked = headers.get("x-github-api-version") ?? apiVersions[0];
  return apiVersions.find((version) => version === asked);
}

function parseBody(request: IncomingRequest): unknown {
  if (request.body === "") return undefined;
  try {
    return JSON.parse(request.body) as unknown;
  } catch {
    throw new ApiFailure(400, "Problems parsing JSON");
  }
}

function refusalOf(fault: Fault, token: TokenRecord | null, account: string | null, now: number): ApiFailure {
  if (fault.kind === "rate-limit-secondary") return secondaryExceeded(fault.retryAfterSeconds);
  if (fault.kind !== "rate-limit-primary") return missingPermission("issues=write; pull_requests=write", token);
  return primaryExceeded(account, { "x-ratelimit-reset": String(Math.ceil(now / 1000) + fault.resetSeconds) });
}
