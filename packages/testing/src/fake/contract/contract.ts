import { Ajv, type ValidateFunction } from "ajv";
import addFormats from "ajv-formats";
import { toJsonSchema, undeclaredMembers } from "./schema.ts";
import { asOfVersion, at, type ContractSource, type SchemaNode } from "./source.ts";

/** A request as the contract sees it. */
export interface ContractRequest {
  /** `METHOD template`, such as `POST /repos/{owner}/{repo}/issues`. */
  readonly operation: string;
  readonly params: Readonly<Record<string, string | undefined>>;
  readonly query: URLSearchParams;
  /** Parsed JSON; `undefined` when nothing was sent. */
  readonly body: unknown;
}

/** Checks traffic against a vendor's own OpenAPI document; every method answers with readable complaints. */
export interface Contract {
  checkRequest(request: ContractRequest): string[];
  checkResponse(operation: string, status: number, body: unknown): string[];
  /** `name` is event and action, such as `issue-comment-created`. */
  checkWebhook(name: string, payload: unknown): string[];
}

type Complain = (schema: unknown, value: unknown, where: string) => string[];

/**
 * @param version as of which the document counts; only GitHub's tells of earlier ones
 * @param vendor whose document it is, for complaints
 */
export function createContract(source: ContractSource, version: string, vendor: string): Contract {
  const strict = createCheck(source, version, false);
  const coercing = createCheck(source, version, true);
  return {
    checkRequest(request) {
      const operation = source.operations.get(request.operation);
      if (operation === undefined) return [`${request.operation} is not in ${vendor}'s contract`];
      return [
        ...checkParameters(asOfVersion(operation, version), source, request, coercing),
        ...checkBody(asOfVersion(operation, version), source, version, request.body, strict),
      ];
    },
    checkResponse(name, status, body) {
      const operation = source.operations.get(name);
      if (operation === undefined) return [`${name} is not in ${vendor}'s contract`];
      const declared = at(asOfVersion(operation, version), `#/responses/${status}`);
      if (declared === undefined) return [`status ${status} is not declared for ${name}`];
      const schema = at(resolve(declared, source), "#/content/application~1json/schema");
      if (schema === undefined) return body === undefined ? [] : ["an answer without a declared body has one"];
      return [...strict(schema, body, "body"), ...undeclaredMembers(body, schema, source, version)];
    },
    checkWebhook(name, payload) {
      const schema = source.webhooks.get(name);
      return schema === undefined ? [`there is no webhook ${name}`] : strict(schema, payload, "payload");
    },
  };
}

function createCheck(source: ContractSource, version: string, coerceTypes: boolean): Complain {
  const ajv = new Ajv({ strict: false, allErrors: true, logger: false, coerceTypes: coerceTypes ? "array" : false });
  addFormats.default(ajv);
  for (const [name, schema] of source.components)
    if (name.startsWith("schemas/"))
      ajv.addSchema(toJsonSchema(schema, version) as object, name.replace("schemas/", "contract:"));
  const compiled = new WeakMap<object, ValidateFunction>();
  return (schema, value, where) => {
    const key = schema as object;
    const validate = compiled.get(key) ?? ajv.compile(toJsonSchema(schema, version) as object);
    compiled.set(key, validate);
    if (validate(value)) return [];
    return (validate.errors ?? []).map((error) => {
      const { allowedValues: allowed } = error.params;
      return `${where}${error.instancePath} ${error.message}${allowed === undefined ? "" : ` (${String(allowed)})`}`;
    });
  };
}

interface ParameterSchema {
  readonly type: "object";
  readonly properties: SchemaNode;
  readonly required: readonly unknown[];
}

interface ParameterSchemas {
  readonly path: ParameterSchema;
  readonly query: ParameterSchema;
}

const parameterSchemas = new WeakMap<SchemaNode, ParameterSchemas>();

function checkParameters(
  operation: SchemaNode,
  source: ContractSource,
  request: ContractRequest,
  check: Complain,
): string[] {
  const schemas = parameterSchemas.get(operation) ?? schemasOfParameters(operation, source);
  parameterSchemas.set(operation, schemas);
  const path = Object.fromEntries(Object.entries(request.params).filter(([name]) => name !== "repository_id"));
  const unknown = [...request.query.keys()].filter((name) => !(name in schemas.query.properties));
  return [
    ...check(schemas.path, path, "path"),
    ...check(schemas.query, Object.fromEntries(request.query), "query"),
    ...unknown.map((name) => `query/${name} is not declared`),
  ];
}

function schemasOfParameters(operation: SchemaNode, source: ContractSource): ParameterSchemas {
  const given = Array.isArray(operation.parameters) ? (operation.parameters as unknown[]) : [];
  const parameters = given.map((parameter) => resolve(parameter, source));
  const within = (place: string): ParameterSchema => {
    const here = parameters.filter((parameter) => parameter.in === place);
    const required = here.filter((parameter) => parameter.required === true).map((parameter) => parameter.name);
    const entries = here.map((parameter) => [String(parameter.name), parameter.schema]);
    return { type: "object", properties: Object.fromEntries(entries), required };
  };
  return { path: within("path"), query: within("query") };
}

function checkBody(
  operation: SchemaNode,
  source: ContractSource,
  version: string,
  body: unknown,
  check: Complain,
): string[] {
  const declared = operation.requestBody;
  if (declared === undefined) return body === undefined ? [] : ["a body was sent, none is declared"];
  const schema = at(resolve(declared, source), "#/content/application~1json/schema");
  if (body === undefined) return resolve(declared, source).required === true ? ["body is missing"] : [];
  const undeclared = undeclaredMembers(body, schema, source, version);
  return [...check(schema, body, "body"), ...undeclared.map((path) => `${path} is not declared`)];
}

function resolve(node: unknown, source: ContractSource): SchemaNode {
  const reference = (node as SchemaNode | undefined)?.$ref;
  const found = typeof reference === "string" ? source.components.get(reference.replace("#/components/", "")) : node;
  return (found ?? {}) as SchemaNode;
}
