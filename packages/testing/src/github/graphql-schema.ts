import { buildSchema, type DocumentNode, GraphQLError, type GraphQLSchema, parse, validate } from "graphql";
import { readVendorFile } from "./vendor-file.ts";

interface CheckedDocument {
  readonly document: DocumentNode | null;
  readonly errors: readonly GraphQLError[];
}

const memory: { schema?: GraphQLSchema } = {};
const checked = new Map<string, CheckedDocument>();

/** Documents remembered; clients send few different ones, but a test may generate many. */
const rememberedDocuments = 200;

/** GitHub's published GraphQL schema, built once per process on first use. */
export function loadGraphQLSchema(): GraphQLSchema {
  if (memory.schema !== undefined) return memory.schema;
  const sdl = readVendorFile("@octokit/graphql-schema", "schema.graphql");
  memory.schema = buildSchema(sdl, { assumeValidSDL: true });
  return memory.schema;
}

/** Parses a document and validates it against GitHub's schema. */
export function checkDocument(source: string): CheckedDocument {
  const known = checked.get(source);
  if (known !== undefined) return known;
  const result = examine(source);
  if (checked.size >= rememberedDocuments) checked.clear();
  checked.set(source, result);
  return result;
}

function examine(source: string): CheckedDocument {
  const schema = loadGraphQLSchema();
  try {
    const document = parse(source);
    return { document, errors: validate(schema, document) };
  } catch (error) {
    if (error instanceof GraphQLError) return { document: null, errors: [error] };
    throw error;
  }
}
