import { buildSchema, type DocumentNode, GraphQLError, type GraphQLSchema, parse, validate } from "graphql";
import { newerSchema } from "./graphql-newer-schema.ts";
import { readVendorFile } from "./vendor-file.ts";
import type { LackingFeature } from "./view.ts";

export interface CheckedDocument {
  readonly document: DocumentNode | null;
  readonly errors: readonly GraphQLError[];
  /** GitHub itself allows the document; this server is too old for it. */
  readonly isTooNew: boolean;
}

const features = Object.keys(newerSchema) as LackingFeature[];
const everything: ReadonlySet<LackingFeature> = new Set();
const schemas = new Map<string, GraphQLSchema>();
const checked = new Map<string, CheckedDocument>();

/** Documents remembered; clients send few different ones, but a test may generate many. */
const rememberedDocuments = 200;

/** GitHub's published GraphQL schema, built once per process on first use. @param lacks what a server does not have */
export function loadGraphQLSchema(lacks: ReadonlySet<LackingFeature> = everything): GraphQLSchema {
  const present = features.filter((feature) => !lacks.has(feature));
  const known = schemas.get(present.join());
  if (known !== undefined) return known;
  const sdl = readVendorFile("@octokit/graphql-schema", "schema.graphql");
  const newer = present.map((feature) => newerSchema[feature]);
  const schema = buildSchema([sdl, ...newer].join("\n"), { assumeValidSDL: true });
  schemas.set(present.join(), schema);
  return schema;
}

/** Parses a document and validates it against GitHub's schema, less what a server lacks of it. */
export function checkDocument(source: string, lacks: ReadonlySet<LackingFeature>): CheckedDocument {
  const key = `${[...lacks].sort().join()} ${source}`;
  const known = checked.get(key);
  if (known !== undefined) return known;
  const result = examine(source, lacks);
  if (checked.size >= rememberedDocuments) checked.clear();
  checked.set(key, result);
  return result;
}

function examine(source: string, lacks: ReadonlySet<LackingFeature>): CheckedDocument {
  try {
    const document = parse(source);
    const errors = validate(loadGraphQLSchema(), document);
    if (errors.length > 0 || lacks.size === 0) return { document, errors, isTooNew: false };
    const refusals = validate(loadGraphQLSchema(lacks), document).flatMap((error) => inGitHubsWords(error) ?? []);
    return { document, errors: refusals, isTooNew: refusals.length > 0 };
  } catch (error) {
    if (error instanceof GraphQLError) return { document: null, errors: [error], isTooNew: false };
    throw error;
  }
}

/** GitHub's server is written in Ruby and speaks differently; what only follows from the rest it does not tell. */
function inGitHubsWords(error: GraphQLError): GraphQLError | null {
  const nodes = error.nodes ?? null;
  const [, fieldName, typeName] = /^Cannot query field "(\w+)" on type "(\w+)"/.exec(error.message) ?? [];
  if (fieldName !== undefined && typeName !== undefined) {
    const message = `Field '${fieldName}' doesn't exist on type '${typeName}'`;
    return new GraphQLError(message, { nodes, extensions: { code: "undefinedField", typeName, fieldName } });
  }
  const [, unknownType] = /^Unknown type "(\w+)"/.exec(error.message) ?? [];
  if (unknownType === undefined) return null;
  const message = `No such type ${unknownType}, so it can't be a fragment condition`;
  return new GraphQLError(message, { nodes, extensions: { code: "undefinedType", typeName: unknownType } });
}
