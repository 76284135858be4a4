import { type DocumentNode, execute, GraphQLError, type GraphQLSchema, parse, validate } from "graphql";
import type { Fault } from "../fake/faults.ts";
import type { IncomingRequest } from "../fake/incoming.ts";
import { asObject } from "../fake/json.ts";
import { toResponse } from "../fake/response.ts";
import type { TrackerEvent } from "./actions.ts";
import { complexityOf } from "./complexity.ts";
import { forbidden, rateLimited, tooComplex, unauthenticated } from "./failure.ts";
import { receiveFile } from "./files.ts";
import type { TokenRecord } from "./model.ts";
import type { OAuth } from "./oauth.ts";
import { createRoot } from "./root.ts";
import { linearSchema } from "./schema.ts";
import type { World } from "./world.ts";

const mostComplexity = 10_000;

export interface ServiceParts {
  readonly world: World;
  readonly emit: (event: TrackerEvent) => void;
  /** Linear's whole schema, where it is at hand. */
  readonly contract: () => GraphQLSchema | null;
  readonly violations: string[];
  readonly oauth: OAuth;
}

/** Answers GraphQL as Linear does: errors of the input with status 400, others beside what could be answered. */
export class Service {
  readonly #parts: ServiceParts;

  constructor(parts: ServiceParts) {
    this.#parts = parts;
  }

  /** Of the credential as it stands in the header: a key alone, a token behind `Bearer`. */
  tokenOf({ headers }: IncomingRequest): TokenRecord | null {
    const header = headers.get("authorization") ?? "";
    const bearer = /^Bearer (.+)$/.exec(header)?.[1];
    if (bearer?.startsWith("at_") === true) return this.#parts.oauth.find(bearer);
    const token = this.#parts.world.tokens.get(bearer ?? header);
    return token?.kind === (bearer === undefined ? "api-key" : "token") ? token : null;
  }

  refuse(fault: Fault): Response {
    if (fault.kind === "label-refused") return this.#answer(400, { errors: [forbidden("You may not do this.")] });
    const resetMs =
      fault.kind === "rate-limit-primary"
        ? fault.resetSeconds * 1000
        : fault.kind === "rate-limit-secondary"
          ? fault.retryAfterSeconds * 1000
          : 60_000;
    return this.#answer(
      400,
      { errors: [rateLimited()] },
      {
        "x-ratelimit-requests-limit": "2500",
        "x-ratelimit-requests-remaining": "0",
        "x-ratelimit-requests-reset": String(this.#parts.world.now() + resetMs),
      },
    );
  }

  async answer(request: IncomingRequest, asOf?: number): Promise<Response> {
    const { world, emit } = this.#parts;
    if (request.method === "PUT") return this.#receive(request);
    if (request.url.pathname === "/oauth/token") {
      return this.#parts.oauth.answer(request.headers.get("content-type") ?? "", request.body);
    }
    if (request.url.pathname !== "/graphql") return toResponse(404, {}, { error: "Not found" });
    const token = this.tokenOf(request);
    if (token === null) return this.#answer(400, { errors: [unauthenticated()] });
    const { query, variables } = asObject(JSON.parse(request.body));
    const { document, errors } = this.#check(String(query));
    if (document === null || errors.length > 0) return this.#answer(400, { errors });
    const cost = complexityOf(document, variables);
    if (cost > mostComplexity) return this.#answer(400, { errors: [tooComplex(cost, mostComplexity)] });
    const actor = world.users.get(token.userId);
    if (actor === undefined) return this.#answer(400, { errors: [unauthenticated()] });
    const result = await execute({
      schema: linearSchema(),
      document,
      rootValue: createRoot({ world, actor, emit, token, asOf, origin: request.url.origin }),
      variableValues: asObject(variables),
    });
    const failed = result.errors !== undefined && (result.data === undefined || result.data === null);
    return this.#answer(failed ? 400 : 200, result, { "x-complexity": String(Math.ceil(cost)) });
  }

  /** Files go to a storage of their own, by addresses that are signed. */
  #receive(request: IncomingRequest): Response {
    const { world, violations } = this.#parts;
    if (request.headers.has("authorization")) violations.push("The file storage was sent a credential");
    return toResponse(receiveFile(world, request), {});
  }

  #check(source: string): { readonly document: DocumentNode | null; readonly errors: readonly GraphQLError[] } {
    const { contract, violations } = this.#parts;
    try {
      const document = parse(source);
      const whole = contract();
      const broken = whole === null ? [] : validate(whole, document);
      violations.push(...broken.map(({ message }) => message));
      const errors = validate(linearSchema(), document);
      if (broken.length === 0)
        violations.push(...errors.map(({ message }) => `The fake does not answer it: ${message}`));
      return { document, errors };
    } catch (error) {
      if (!(error instanceof GraphQLError)) throw error;
      violations.push(error.message);
      return { document: null, errors: [error] };
    }
  }

  #answer(status: number, body: object, headers: Readonly<Record<string, string>> = {}): Response {
    const date = new Date(this.#parts.world.now()).toUTCString();
    return toResponse(status, { date, ...headers }, body);
  }
}
