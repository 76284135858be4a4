/** A piece of an OpenAPI document. */
export interface SchemaNode {
  readonly [key: string]: unknown;
  readonly $ref?: unknown;
  readonly type?: unknown;
  readonly enum?: unknown;
  readonly nullable?: unknown;
  readonly properties?: unknown;
  readonly items?: unknown;
  readonly oneOf?: unknown;
  readonly anyOf?: unknown;
  readonly allOf?: unknown;
  readonly parameters?: unknown;
  readonly requestBody?: unknown;
  readonly required?: unknown;
  readonly schema?: unknown;
  readonly name?: unknown;
  readonly in?: unknown;
  readonly version?: unknown;
  readonly patch?: unknown;
}

/** The parts of a vendor's OpenAPI document that a fake needs, still in OpenAPI's own dialect. */
export interface ContractSource {
  /** By `METHOD template`, such as `GET /user`. */
  readonly operations: ReadonlyMap<string, SchemaNode>;
  /** By event and action, such as `issues-opened`. */
  readonly webhooks: ReadonlyMap<string, SchemaNode>;
  /** Schemas, parameters and responses by `kind/name`. */
  readonly components: ReadonlyMap<string, SchemaNode>;
}

const prose = new Set(["description", "example", "examples", "externalDocs", "x-github", "summary", "tags"]);

/** What hangs together with the wanted operations and webhooks of an OpenAPI document. */
export function extractContract(
  document: SchemaNode,
  wanted: readonly string[],
  wantsWebhook: (name: string) => boolean,
): ContractSource {
  const components = new Map<string, SchemaNode>();
  const keep = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(keep);
    if (typeof node !== "object" || node === null) return node;
    const kept: Record<string, unknown> & { $ref?: unknown } = {};
    for (const [key, value] of Object.entries(node)) {
      if (prose.has(key) && !isSchema(value)) continue;
      kept[key] = keep(value);
    }
    if (typeof kept.$ref === "string") keepComponent(kept.$ref);
    return kept;
  };
  const keepComponent = (reference: string): void => {
    const name = reference.replace("#/components/", "");
    if (components.has(name)) return;
    components.set(name, {});
    components.set(name, keep(at(document, reference)) as SchemaNode);
  };
  const operations = new Map<string, SchemaNode>();
  for (const name of wanted) {
    const [method = "", template = ""] = name.split(" ");
    const found = at(document, `#/paths/${template.replaceAll("/", "~1")}/${method.toLowerCase()}`);
    if (found !== undefined) operations.set(name, keep(found) as SchemaNode);
  }
  const webhooks = new Map<string, SchemaNode>();
  for (const [name, node] of Object.entries((document["x-webhooks"] ?? {}) as SchemaNode)) {
    const body = at(node, "#/post/requestBody/content/application~1json/schema");
    if (wantsWebhook(name)) webhooks.set(name, keep(body) as SchemaNode);
  }
  return { operations, webhooks, components };
}

/** A property may be called `description`: then its value is a schema and no prose. */
function isSchema(value: unknown): boolean {
  const hints = ["type", "$ref", "oneOf", "anyOf", "allOf", "enum"];
  return typeof value === "object" && value !== null && hints.some((hint) => hint in value);
}

/** Follows a local reference such as `#/components/schemas/issue`. */
export function at(document: unknown, reference: string): unknown {
  const steps = reference.slice(2).split("/");
  return steps.reduce<unknown>((node, step) => {
    const key = step.replaceAll("~1", "/").replaceAll("~0", "~");
    return typeof node === "object" && node !== null ? (node as SchemaNode)[key] : undefined;
  }, document);
}

/** The node as of a version of the API: the changes GitHub lists beside it are merged in (`null` removes a member). */
export function asOfVersion(node: SchemaNode, version: string): SchemaNode {
  const changes = node["x-github-breaking-changes"];
  if (!Array.isArray(changes)) return node;
  return changes
    .filter((change: SchemaNode) => String(change.version) <= version)
    .reduce<SchemaNode>((result, change: SchemaNode) => merge(result, change.patch) as SchemaNode, node);
}

function merge(target: unknown, patch: unknown): unknown {
  if (typeof patch !== "object" || patch === null || Array.isArray(patch)) return patch;
  const result: Record<string, unknown> = { ...(target as SchemaNode | undefined) };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = merge(result[key], value);
  }
  return result;
}
