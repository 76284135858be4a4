import type { Contract } from "../fake/contract/contract.ts";
import type { Fault } from "../fake/faults.ts";
import type { IncomingRequest } from "../fake/incoming.ts";
import { asObject } from "../fake/json.ts";
import { signInPage, toResponse } from "../fake/response.ts";
import type { GitLabCall } from "./call.ts";
import { complaintsAbout } from "./contract.ts";
import type { TrackerEvent } from "./events.ts";
import { GitLabFailure } from "./failure.ts";
import { type Location, locate, tokenOf } from "./incoming.ts";
import type { TokenRecord } from "./model.ts";
import type { OAuth } from "./oauth.ts";
import type { RateLimits } from "./rate-limits.ts";
import { findRoute, type Route } from "./router.ts";
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
  readonly oauth: OAuth;
  readonly limits: RateLimits;
  readonly contract: () => Contract | null;
  readonly siteUrl: () => string;
  readonly violations: string[];
  readonly emit: (event: TrackerEvent) => void;
}

/** GitLab itself, without the network in front of it. */
export class Service {
  readonly world: World;
  readonly #parts: ServiceParts;

  constructor(parts: ServiceParts) {
    this.world = parts.world;
    this.#parts = parts;
  }

  locate(url: URL): Location {
    return locate(url, this.#parts.siteUrl());
  }

  route(method: string, location: Location): Route | null {
    return location.kind === "api" ? findRoute(method, location.path) : null;
  }

  /** The account behind a request, for the log. */
  accountOf({ headers }: IncomingRequest): string | null {
    return tokenOf(this.world, this.#parts.oauth, headers)?.user.username ?? null;
  }

  async answer(answering: Answering): Promise<Response> {
    const { request, location, route } = answering;
    if (location.kind === "token") return this.#parts.oauth.answer(request.body);
    if (location.kind === "page") {
      return new Response(signInPage, { status: 200, headers: { "content-type": "text/html; charset=utf-8" } });
    }
    try {
      const limited = this.#parts.limits.admit(request.method, route);
      return limited ?? this.#answerApi(answering);
    } catch (error) {
      if (!(error instanceof GitLabFailure)) throw error;
      return this.#respond(error.status, error.body);
    }
  }

  /** The answer to a request that an injected fault refuses. */
  refuse(fault: Fault): Response {
    if (fault.kind === "rate-limit-primary") return this.#parts.limits.throttled(fault.resetSeconds);
    if (fault.kind === "rate-limit-secondary") return this.#parts.limits.withoutHeaders();
    return this.#respond(403, { message: "403 Forbidden" });
  }

  #answerApi({ request, route, asOf }: Answering): Response {
    const token = this.#admit(request, route);
    if (route === null) throw new GitLabFailure(404, { error: "404 Not Found" });
    const renamed = this.#renamed(request, route);
    if (renamed !== null) return renamed;
    const body = parseBody(request);
    this.#checkContract(route, request, body);
    const { world, emit, siteUrl } = this.#parts;
    const call: GitLabCall = {
      world,
      token,
      params: route.params,
      query: request.url.searchParams,
      body: asObject(body),
      bytes: request.bytes ?? new TextEncoder().encode(request.body),
      headers: request.headers,
      siteUrl: siteUrl(),
      asOf: request.method === "GET" ? asOf : undefined,
      emit,
    };
    const answer = route.operation.handle(call);
    return this.#respond(answer.status, answer.body, answer.headers);
  }

  #admit({ headers }: IncomingRequest, route: Route | null): TokenRecord {
    const token = tokenOf(this.world, this.#parts.oauth, headers);
    if (token === null) throw new GitLabFailure(401, { message: "401 Unauthorized" });
    if (token === undefined) {
      throw new GitLabFailure(401, {
        error: "invalid_token",
        error_description: "Token was revoked. You have to re-authorize from the user.",
      });
    }
    const scope = route?.operation.scope ?? "none";
    const isEnough = scope === "none" || token.scopes.includes("api") || token.scopes.includes(scope);
    if (!isEnough) {
      throw new GitLabFailure(403, {
        error: "insufficient_scope",
        error_description: "The request requires higher privileges than provided by the access token.",
        scope: scope === "api" ? "api" : "api read_api",
      });
    }
    return token;
  }

  /** Reads of a project under a path that it had are sent on; nothing else is done there. */
  #renamed({ method, url }: IncomingRequest, { operation, params }: Route): Response | null {
    const { id = "" } = params;
    if (!operation.template.startsWith("/projects/{id}") || this.world.findProject(id) !== undefined) return null;
    const project = this.world.findRenamed(id);
    if (project === undefined) return null;
    if (method !== "GET")
      throw new GitLabFailure(405, { message: "Non GET methods are not allowed for moved projects" });
    const target = new URL(url);
    target.pathname = target.pathname.replace(/(\/api\/v4\/projects\/)[^/]+/, `$1${project.id}`);
    return new Response("This resource has been moved permanently", {
      status: 301,
      headers: { location: target.href, "content-type": "text/plain" },
    });
  }

  /** A request that the contract does not allow is a mistake of the client under test. */
  #checkContract(route: Route, request: IncomingRequest, body: unknown): void {
    const contract = this.#parts.contract();
    if (contract === null) return;
    const complaints = complaintsAbout(contract, route, request.url.searchParams, body);
    if (complaints.length === 0) return;
    const { method, template } = route.operation;
    this.#parts.violations.push(...complaints.map((complaint) => `${method} ${template}: ${complaint}`));
    throw new GitLabFailure(400, { error: `contract violation: ${complaints.join("; ")}` });
  }

  #respond(status: number, body: unknown, more: Readonly<Record<string, string>> = {}): Response {
    const date = new Date(this.world.now()).toUTCString();
    const headers = { date, "x-request-id": "01HQZ8", ...this.#parts.limits.headers(), ...more };
    return status === 204 ? toResponse(status, headers) : toResponse(status, headers, body);
  }
}

function parseBody(request: IncomingRequest): unknown {
  const isJson = (request.headers.get("content-type") ?? "").startsWith("application/json");
  if (request.body === "" || !isJson) return undefined;
  try {
    return JSON.parse(request.body) as unknown;
  } catch {
    throw new GitLabFailure(400, { error: "The request is no JSON" });
  }
}
