/** An answer's JSON object on its way out. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** The value as a JSON object, or an empty one. */
export function asObject(value: unknown): JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
}

/** The value as a string (numbers become one, as GitHub does with titles), or `undefined`. */
export function asText(value: unknown): string | undefined {
  return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
}

/** Names in a list of strings or of objects that carry the name under `key`. */
export function asNames(value: unknown, key: "name" | "login"): string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  return value.flatMap((entry: unknown) => asText(entry) ?? asText(asObject(entry)[key]) ?? []);
}
