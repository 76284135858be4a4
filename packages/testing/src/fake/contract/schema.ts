import { asOfVersion, type ContractSource, type SchemaNode } from "./source.ts";

/** Rewrites OpenAPI 3.0 to JSON Schema for ajv: `nullable` becomes a type, and references point to `contract:name`. */
export function toJsonSchema(node: unknown, version: string): unknown {
  if (Array.isArray(node)) return node.map((entry) => toJsonSchema(entry, version));
  if (typeof node !== "object" || node === null) return node;
  const source = asOfVersion(node as SchemaNode, version);
  const result: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(source)) {
    if (key === "nullable" || key === "discriminator" || key.startsWith("x-")) continue;
    result[key] = key === "$ref" ? schemaId(String(value)) : toJsonSchema(value, version);
  }
  return source.nullable === true ? allowNull(result) : result;
}

function allowNull(schema: SchemaNode): SchemaNode {
  if (typeof schema.type !== "string") return { anyOf: [schema, { type: "null" }] };
  const values = schema.enum;
  const open = Array.isArray(values) && !values.includes(null) ? { enum: [...values, null] } : {};
  return { ...schema, ...open, type: [schema.type, "null"] };
}

/** The id under which a component is known to ajv. */
function schemaId(reference: string): string {
  return `contract:${reference.replace("#/components/schemas/", "")}`;
}

/**
 * Paths of members that the schema does not declare. Most schemas allow unknown members, so a misspelt one passes
 * validation and would be ignored by the real service.
 */
export function undeclaredMembers(
  value: unknown,
  schema: unknown,
  source: ContractSource,
  version: string,
  path = "body",
): string[] {
  const shapes = shapesOf(schema, source, version);
  if (Array.isArray(value)) {
    const items = { anyOf: shapes.flatMap((shape) => shape.items ?? []) };
    return value.flatMap((entry, index) => undeclaredMembers(entry, items, source, version, `${path}/${index}`));
  }
  if (typeof value !== "object" || value === null) return [];
  const declared = shapes.map((shape) => shape.properties).filter((node) => node !== undefined) as SchemaNode[];
  if (declared.length === 0) return [];
  return Object.entries(value).flatMap(([key, member]) => {
    const schemas = declared.flatMap((properties) => properties[key] ?? []);
    if (schemas.length === 0) return [`${path}/${key}`];
    return undeclaredMembers(member, { anyOf: schemas }, source, version, `${path}/${key}`);
  });
}

function shapesOf(schema: unknown, source: ContractSource, version: string): SchemaNode[] {
  if (typeof schema !== "object" || schema === null) return [];
  const node = asOfVersion(schema as SchemaNode, version);
  const reference = node.$ref;
  if (typeof reference === "string")
    return shapesOf(source.components.get(reference.replace("#/components/", "")), source, version);
  const branches = [node.oneOf, node.anyOf, node.allOf].flatMap((list) => (Array.isArray(list) ? list : []));
  return [node, ...branches.flatMap((branch) => shapesOf(branch, source, version))];
}
