import { type ExecutionResult, execute, GraphQLError, type GraphQLFieldResolver } from "graphql";
import { asObject, type JsonObject } from "../fake/json.ts";
import { createQueryRoot } from "./graphql-root.ts";
import { checkDocument, loadGraphQLSchema } from "./graphql-schema.ts";
import type { TokenRecord } from "./model.ts";
import type { RateState } from "./rate-limits.ts";
import type { View } from "./view.ts";

/** One POST to `/graphql`. */
export interface GraphQLCall {
  readonly view: View;
  readonly token: TokenRecord;
  readonly body: unknown;
  /** Told of documents that GitHub's schema does not allow. */
  readonly violation: (message: string) => void;
  readonly rate: () => RateState;
}

/** The answer, always sent with status 200, and its price in points. */
export interface GraphQLOutcome {
  readonly body: JsonObject;
  readonly cost: number;
}

/** Executes a document against GitHub's own schema. */
export async function answerGraphQL(call: GraphQLCall): Promise<GraphQLOutcome> {
  const { query: source, variables, operationName } = asObject(call.body);
  if (typeof source !== "string") return refused("A query attribute must be specified and must be a string.");
  const { document, errors, isTooNew } = checkDocument(source, call.view.lacks);
  if (document === null || errors.length > 0) {
    for (const error of isTooNew ? [] : errors) call.violation(`graphql: ${error.message}`);
    return { body: { errors: errors.map((error) => presentError(isTooNew ? atQuery(error) : error)) }, cost: 1 };
  }
  const counted = { connections: 0 };
  const countConnection = (): void => {
    counted.connections += 1;
  };
  const costOf = (): number => Math.max(1, Math.round(counted.connections / 100));
  const scope = { view: call.view, token: call.token, countConnection };
  const result = await execute({
    schema: loadGraphQLSchema(call.view.lacks),
    document,
    rootValue: createQueryRoot(scope, () => ({ cost: costOf(), rate: afterwards(call.rate(), costOf()) })),
    variableValues: asObject(variables),
    operationName: typeof operationName === "string" ? operationName : null,
    fieldResolver: resolveField,
  });
  return { body: presentResult(result), cost: costOf() };
}

const resolveField: GraphQLFieldResolver<unknown, unknown> = (source, args, context, info) => {
  const member = asObject(source)[info.fieldName];
  if (member === undefined)
    throw new GraphQLError(`The fake GitHub does not answer ${info.parentType.name}.${info.fieldName}`);
  return typeof member === "function" ? member(args, context, info) : member;
};

function presentResult(result: ExecutionResult): JsonObject {
  if (result.errors === undefined) return { data: result.data };
  const errors = result.errors.map(presentError);
  return result.data === undefined ? { errors } : { data: result.data, errors };
}

/** GitHub says where in the document a field stands that it does not know. */
function atQuery(error: GraphQLError): GraphQLError {
  const { message, nodes = null, extensions } = error;
  return new GraphQLError(message, { nodes, extensions, path: ["query", String(extensions["fieldName"] ?? "")] });
}

/** GitHub puts the `type` beside the message, not below `extensions`. */
function presentError(error: GraphQLError): JsonObject {
  const { type, ...extensions } = error.extensions;
  return {
    ...(type === undefined ? {} : { type }),
    ...(error.path === undefined ? {} : { path: error.path }),
    ...(Object.keys(extensions).length === 0 ? {} : { extensions }),
    ...(error.locations === undefined ? {} : { locations: error.locations }),
    message: error.message,
  };
}

function afterwards(rate: RateState, cost: number): RateState {
  return { ...rate, used: rate.used + cost, remaining: Math.max(0, rate.remaining - cost) };
}

function refused(message: string): GraphQLOutcome {
  return { body: { errors: [{ message }] }, cost: 1 };
}
