import { at, type SchemaNode } from "./source.ts";

type Members = Readonly<Record<string, unknown>>;

const methods = new Set(["get", "put", "post", "delete", "patch", "head", "options"]);
const detailNames = ["type", "format", "enum", "items", "minimum", "maximum", "pattern", "default"];

/**
 * A document of Swagger 2 in the dialect of OpenAPI 3: definitions become component schemas, a body parameter the request
 * body, and parameters and answers get schemas of their own. Paths under `x-ms-paths`, which tell operations apart by
 * their query, add their parameters and answers to the plain path's operation.
 */
export function fromSwagger(document: SchemaNode): SchemaNode {
  const shared = (document.parameters ?? {}) as Readonly<Record<string, Members>>;
  const paths: Record<string, Record<string, SchemaNode>> = {};
  const add = (template: string, node: Members): void => {
    const found = paths[template] ?? {};
    paths[template] = found;
    for (const [method, operation] of Object.entries(node)) {
      if (!methods.has(method)) continue;
      const converted = convertOperation(operation as Members, node["parameters"], shared);
      const known = found[method];
      found[method] = known === undefined ? converted : eitherOperation(known, converted);
    }
  };
  for (const [template, node] of Object.entries((document["paths"] ?? {}) as Members)) add(template, node as Members);
  for (const [template, node] of Object.entries((document["x-ms-paths"] ?? {}) as Members))
    add(template.split("?")[0] ?? template, node as Members);
  return { paths, components: { schemas: rewriteReferences(document["definitions"] ?? {}) } };
}

/** Rewrites every schema of a document, from the inside out. */
export function mapSchemas(node: SchemaNode, change: (schema: SchemaNode) => SchemaNode): SchemaNode {
  const walk = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(walk);
    if (typeof value !== "object" || value === null) return value;
    const walked = Object.fromEntries(Object.entries(value).map(([name, member]) => [name, walk(member)]));
    return typeof walked["type"] === "string" || Array.isArray(walked["enum"]) ? change(walked) : walked;
  };
  return walk(node) as SchemaNode;
}

function convertOperation(operation: Members, ofPath: unknown, shared: Readonly<Record<string, Members>>): SchemaNode {
  const given = [...listOf(ofPath), ...listOf(operation["parameters"])].map((parameter): Members => {
    const reference = parameter["$ref"];
    return typeof reference === "string" ? (shared[reference.replace("#/parameters/", "")] ?? {}) : parameter;
  });
  const body = given.find((parameter) => parameter["in"] === "body");
  const consumed = listOfText(operation["consumes"]).some((type) => type.includes("json"));
  return {
    parameters: given.filter((parameter) => parameter["in"] !== "body").map(convertParameter),
    ...(body !== undefined &&
      consumed && {
        requestBody: { required: body["required"] === true, content: jsonContent(body["schema"]) },
      }),
    responses: Object.fromEntries(
      Object.entries((operation["responses"] ?? {}) as Readonly<Record<string, Members>>).map(([status, response]) => [
        status,
        response["schema"] === undefined ? {} : { content: jsonContent(response["schema"]) },
      ]),
    ),
  };
}

function convertParameter(parameter: Members): SchemaNode {
  const details = Object.entries(parameter).filter(([name]) => detailNames.includes(name));
  // A list in a query is one text with commas.
  const isJoined = parameter["type"] === "array";
  const schema = isJoined ? { type: "string" } : rewriteReferences(Object.fromEntries(details));
  return { name: parameter["name"], in: parameter["in"], required: parameter["required"] === true, schema };
}

/** A parameter that only one of both knows is not required; the answer is that of the one or the other. */
function eitherOperation(one: SchemaNode, other: SchemaNode): SchemaNode {
  const [known, more] = [one, other].map(({ parameters }) => listOf(parameters)) as [Members[], Members[]];
  const isIn = (list: readonly Members[], { name }: Members) => list.some((entry) => entry["name"] === name);
  const optional = (list: readonly Members[], of: readonly Members[]) =>
    of.map((parameter) => (isIn(list, parameter) ? parameter : { ...parameter, required: false }));
  const added = optional(known, more).filter((parameter) => !isIn(known, parameter));
  const [responses, others] = [one["responses"], other["responses"]] as [Members, Members];
  const answers = Object.entries(responses).map(([status, response]) => {
    const schemas = [response, others[status]].flatMap((entry) => schemaOf(entry) ?? []);
    return [status, schemas.length === 0 ? {} : { content: jsonContent({ anyOf: schemas }) }];
  });
  return { ...one, parameters: [...optional(more, known), ...added], responses: Object.fromEntries(answers) };
}

function schemaOf(response: unknown): unknown {
  return at(response, "#/content/application~1json/schema");
}

function jsonContent(schema: unknown): Members {
  return { "application/json": { schema: rewriteReferences(schema) } };
}

function rewriteReferences(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(rewriteReferences);
  if (typeof node !== "object" || node === null) return node;
  const entries = Object.entries(node).map(([name, value]): [string, unknown] =>
    name === "$ref" && typeof value === "string"
      ? [name, value.replace("#/definitions/", "#/components/schemas/")]
      : [name, rewriteReferences(value)],
  );
  return Object.fromEntries(entries);
}

function listOf(value: unknown): Members[] {
  return Array.isArray(value) ? (value as Members[]) : [];
}

function listOfText(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
