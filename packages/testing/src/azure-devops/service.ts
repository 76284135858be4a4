import type { Fault } from "../fake/faults.ts";
import type { IncomingRequest } from "../fake/incoming.ts";
import { signInPage, toResponse } from "../fake/response.ts";
import type { AzureDevOpsAnswer, AzureDevOpsCall } from "./call.ts";
import type { AzureDevOpsContract } from "./contract.ts";
import type { TrackerEvent } from "./events.ts";
import { AzureDevOpsFailure, errorBody, invalid } from "./failure.ts";
import { type Location, locate, tokenOf } from "./incoming.ts";
import type { TokenRecord } from "./model.ts";
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

/** How a credential that is not good is met: with a sign-in page, a redirect to it, or 401 as a server does. */
export type SignInAnswer = 200 | 203 | 302 | 401;

export interface ServiceParts {
  readonly world: World;
  readonly limits: RateLimits;
  readonly contract: () => AzureDevOpsContract | null;
  readonly url: () => string;
  /** Highest version of the API, such as `7.1`. */
  readonly apiVersion: string;
  readonly signIn: () => SignInAnswer;
  readonly indexLagMs: number;
  readonly reportingPageSize: number;
  readonly violations: string[];
  readonly emit: (event: TrackerEvent) => void;
}

/** Azure DevOps itself, without the network in front of it. */
export class Service {
  readonly world: World;
  readonly #parts: ServiceParts;

  constructor(parts: ServiceParts) {
    this.world = parts.world;
    this.#parts = parts;
  }

  locate(url: URL): Location {
    return locate(url, this.#parts.url());
  }

  route(method: string, location: Location): Route | null {
    return location.kind === "api" ? findRoute(method, location.path) : null;
  }

  /** The account behind a request, for the log. */
  accountOf(request: IncomingRequest): string | null {
    return tokenOf(this.world, request.headers)?.user.name ?? null;
  }

  async answer(answering: Answering): Promise<Response> {
    const { request, location } = answering;
    if (location.kind === "sign-in") return page(200);
    const token = tokenOf(this.world, request.headers);
    if (token === null || token === undefined) return this.#askToSignIn();
    const { refusal, headers } = this.#parts.limits.admit(token.user.name);
    if (refusal !== null) return refusal;
    try {
      if (location.kind !== "api") throw new AzureDevOpsFailure(404, "HttpException", "The page was not found.");
      return respond(this.#answerApi(answering, token), headers);
    } catch (error) {
      if (!(error instanceof AzureDevOpsFailure)) throw error;
      return toResponse(error.status, headers, errorBody(error));
    }
  }

  /** The answer to a request that an injected fault refuses. */
  refuse(fault: Fault): Response {
    const { limits } = this.#parts;
    if (fault.kind === "rate-limit-primary") return limits.blocked(fault.resetSeconds);
    if (fault.kind === "rate-limit-secondary") return limits.blocked(fault.retryAfterSeconds);
    const message = "TF237111: The current user does not have permissions to do this.";
    return toResponse(403, {}, errorBody(new AzureDevOpsFailure(403, "AccessCheckException", message)));
  }

  /** Headers of an answer that asks to wait before the next request. */
  slowDown(retryAfterSeconds: number): Readonly<Record<string, string>> {
    return this.#parts.limits.slowDown(retryAfterSeconds);
  }

  #answerApi({ request, route, asOf }: Answering, token: TokenRecord): AzureDevOpsAnswer {
    if (route === null) {
      const message = `The controller for path '${request.url.pathname}' was not found or does not implement IController.`;
      throw new AzureDevOpsFailure(404, "HttpException", message);
    }
    const { operation, params } = route;
    if (operation.scopes !== null && !operation.scopes.some((scope) => token.scopes.has(scope))) {
      const message = `TF400813: The user '${token.user.id}' is not authorized to access this resource.`;
      throw new AzureDevOpsFailure(401, "UnauthorizedRequestException", message);
    }
    this.#checkVersion(route, request);
    const body = bodyOf(route, request);
    this.#checkContract(route, request, body);
    const { world, url, indexLagMs, reportingPageSize, emit } = this.#parts;
    const isPast = asOf !== undefined || indexLagMs > 0;
    const call: AzureDevOpsCall = {
      world,
      token,
      params,
      query: request.url.searchParams,
      body,
      bytes: request.bytes ?? new TextEncoder().encode(request.body),
      url: url(),
      asOf,
      indexedAt: isPast ? Math.min(asOf ?? world.now(), world.now() - indexLagMs) : undefined,
      reportingPageSize,
      emit,
    };
    return operation.handle(call);
  }

  #askToSignIn(): Response {
    const status = this.#parts.signIn();
    if (status === 302) return new Response(null, { status, headers: { location: `${this.#parts.url()}/_signin` } });
    if (status !== 401) return page(status);
    return page(401, { "www-authenticate": "Basic, Negotiate, NTLM" });
  }

  /** A version is required, an operation in preview wants it said, and an older server knows no newer ones. */
  #checkVersion({ operation }: Route, { url, headers, method }: IncomingRequest): void {
    const accepted = /api-version=([\w.-]+)/.exec(headers.get("accept") ?? "")?.[1];
    const version = url.searchParams.get("api-version") ?? accepted;
    if (version === undefined) {
      if (method === "GET") return;
      const message = `No api-version was supplied for the "${method}" request. The version must be supplied either as part of the Accept header (e.g. "application/json; api-version=1.0") or as a query parameter (e.g. "?api-version=1.0").`;
      throw invalid(message, "VssVersionNotSpecifiedException");
    }
    const [number = "", preview] = version.split("-");
    if (!/^\d+\.\d+$/.test(number)) throw invalid(`${version} is no version.`, "VssVersionNotSpecifiedException");
    const { apiVersion } = this.#parts;
    if (Number(number) > Number(apiVersion)) {
      const message = `The requested REST API version of ${version} is out of range for this server. The latest REST API version this server supports is ${apiVersion}.`;
      throw invalid(message, "VssVersionOutOfRangeException");
    }
    if (operation.isPreview !== true || preview !== undefined) return;
    const message = `The requested version "${version}" of the resource is under preview. The -preview flag must be supplied in the api-version for such requests. For example: "${version}-preview"`;
    throw invalid(message, "VssInvalidPreviewVersionException");
  }

  /** Only the contract of 7.1 is at hand; a request that it does not allow is a mistake of the client under test. */
  #checkContract({ operation, params }: Route, request: IncomingRequest, body: unknown): void {
    const contract = this.world.deployment === "services" ? this.#parts.contract() : null;
    if (contract === null || operation.isUndocumented === true) return;
    const name = operationName(operation);
    const given = { organization: "acme", project: "", team: "", ...params };
    const complaints = contract.checkRequest({ operation: name, params: given, query: request.url.searchParams, body });
    if (complaints.length === 0) return;
    this.#parts.violations.push(...complaints.map((complaint) => `${name}: ${complaint}`));
    throw invalid(`contract violation: ${complaints.join("; ")}`);
  }
}

const patchType = "application/json-patch+json";

/** Work items are written as JSON Patch and under its content type alone; files are no JSON. */
function bodyOf({ operation }: Route, request: IncomingRequest): unknown {
  const type = (request.headers.get("content-type") ?? "").split(";")[0]?.trim().toLowerCase();
  const isPatch = /\/workitems\/(\$\{type\}|\{id\})$/.test(operation.template) && operation.method !== "DELETE";
  if (operation.method !== "GET" && isPatch && type !== patchType) {
    const message = `TF400898: The request indicated a Content-Type of "${type}" for method type "${operation.method}" which is not supported. Valid content types for this method are: ${patchType}.`;
    throw new AzureDevOpsFailure(415, "VssRequestContentTypeNotSupportedException", message);
  }
  if (type === "application/octet-stream") return undefined;
  if (request.body === "") return undefined;
  try {
    return JSON.parse(request.body) as unknown;
  } catch {
    throw invalid("TF400898: An Internal Error Occurred. The request is no JSON.", "VssPropertyValidationException");
  }
}

function page(status: number, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(signInPage, { status, headers: { "content-type": "text/html; charset=utf-8", ...headers } });
}

function respond(
  { status, body, headers, bytes }: AzureDevOpsAnswer,
  limits: Readonly<Record<string, string>>,
): Response {
  if (bytes === undefined) return toResponse(status, { ...limits, ...headers }, body);
  return new Response(bytes.slice(), {
    status,
    headers: { "content-type": "application/octet-stream", ...limits, ...headers },
  });
}
