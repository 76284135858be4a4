import type { ProviderCall } from "@backref/core/provider";
import { createTransport, mapAnswer, parseShape, type TransportOptions } from "@backref/provider-kit";
import { z } from "zod";
import { errors, fromProblems, fromStatus, type GraphqlProblem, type Operation } from "./errors.ts";
import { graphqlUrlOf } from "./site.ts";
import type { LinearAuth, LinearOptions } from "./types.ts";

export type LinearCall = ProviderCall<LinearAuth, LinearOptions>;

export type ClientSettings = Pick<TransportOptions, "timeoutMs" | "maxAnswerBytes">;

/** Makes the client of one call. Costs nothing until it is used. */
export type OpenClient = (call: LinearCall) => LinearClient;

export interface LinearClient {
  /** Sends one document, once. Maps `data`, and tells a wrong shape as a `ProviderError`; throws those only. */
  ask<Value>(
    operation: Operation,
    document: string,
    variables: Readonly<Record<string, unknown>>,
    map: (data: unknown, headers: Headers) => Value,
  ): Promise<Value>;
}

const bodyShape = z.object({
  data: z.unknown().optional(),
  errors: z
    .array(
      z.object({
        message: z.string().catch("an error without words"),
        path: z
          .array(z.union([z.string(), z.number()]))
          .nullish()
          .catch(null),
        extensions: z
          .object({
            code: z.string().nullish().catch(null),
            type: z.string().nullish().catch(null),
            userPresentableMessage: z.string().nullish().catch(null),
          })
          .nullish()
          .catch(null),
      }),
    )
    .nullish(),
});

export function createClient(call: LinearCall, settings: ClientSettings): LinearClient {
  // Answers with an error have a status of their own, so what they are is looked at here.
  const transport = createTransport(call, settings);
  return {
    async ask(operation, document, variables, map) {
      const answer = await send(call, transport, operation, { query: document, variables });
      const { data, problems } = answer.ok || answer.text !== "" ? bodyOf(operation, answer) : noBody;
      if (problems.length > 0) {
        throw fromProblems(operation, problems, { ...answer, nowMs: call.clock.now() });
      }
      if (!answer.ok) throw fromStatus(operation, answer.status, answer.headers, call.clock.now());
      return mapAnswer(errors, operation, data, (content) => map(content, answer.headers));
    },
  };
}

/** A key stands there alone, an access token behind `Bearer`. */
function authorizationOf(auth: LinearAuth): string {
  if (auth.type === "api-key") return auth.apiKey;
  return `Bearer ${auth.type === "oauth" ? auth.accessToken : auth.token}`;
}

interface Answer {
  readonly ok: boolean;
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

async function send(call: LinearCall, transport: typeof fetch, operation: Operation, body: object): Promise<Answer> {
  try {
    const response = await transport(graphqlUrlOf(call.baseUrl), {
      method: "POST",
      headers: {
        "content-type": "application/json",
        authorization: authorizationOf(call.auth),
      },
      body: JSON.stringify(body),
    });
    return { ok: response.ok, status: response.status, headers: response.headers, text: await response.text() };
  } catch (error) {
    throw errors.fromThrown(operation, error, call.clock.now());
  }
}

/** What a body says went wrong; nothing where it says nothing. */
export function problemsIn(text: string): readonly GraphqlProblem[] {
  try {
    return readBody(text).problems;
  } catch {
    return [];
  }
}

interface Body {
  readonly data: unknown;
  readonly problems: readonly GraphqlProblem[];
}

const noBody: Body = { data: undefined, problems: [] };

function bodyOf(operation: Operation, answer: Answer): Body {
  try {
    return readBody(answer.text);
  } catch (error) {
    // Beside a status that is no success, whatever stands there is a proxy's.
    if (!answer.ok) return noBody;
    const problem = error instanceof Error ? error.message : "unreadable";
    throw errors.unexpectedAnswer(operation, problem, error instanceof SyntaxError);
  }
}

/** Throws `SyntaxError` or `UnexpectedShape`. */
function readBody(text: string): Body {
  const { data, errors } = parseShape(bodyShape, JSON.parse(text), "body");
  const problems = (errors ?? []).map(({ message, path, extensions }) => ({
    message,
    code: extensions?.code ?? null,
    type: extensions?.type ?? null,
    words: extensions?.userPresentableMessage ?? null,
    member: path?.[0] === undefined ? null : String(path[0]),
  }));
  return { data, problems };
}
