import { inspect } from "node:util";
import type { JsonValue } from "@backref/core/provider";
import type { ProviderContext } from "./context.ts";

/** Names of properties that a JSON Schema marks `writeOnly`, at any depth. */
export function writeOnlyNames(schema: JsonValue): readonly string[] {
  if (typeof schema !== "object" || schema === null) return [];
  if (Array.isArray(schema)) return schema.flatMap(writeOnlyNames);
  return Object.entries(schema as Record<string, JsonValue>).flatMap(([name, value]) => {
    const isSecret = (value as { readonly writeOnly?: unknown } | null)?.writeOnly === true;
    return [...(isSecret ? [name] : []), ...writeOnlyNames(value)];
  });
}

/** Values in a credential that the form for it marks as secrets. @param auth @default the credential under test */
export function secretsOf({ provider, underTest }: ProviderContext, auth: unknown = underTest.auth): readonly string[] {
  const names = new Set(writeOnlyNames(provider.describe().auth.schema));
  const collect = (value: unknown, isSecret: boolean): readonly string[] => {
    if (typeof value === "string") return isSecret && value !== "" ? [value] : [];
    if (typeof value !== "object" || value === null) return [];
    return Object.entries(value).flatMap(([name, member]) => collect(member, isSecret || names.has(name)));
  };
  return collect(auth, false);
}

/** The secret that shows in a value, with everything it holds and was caused by; undefined for none. */
export function leakIn(value: unknown, secrets: readonly string[]): string | undefined {
  const shown =
    typeof value === "string" ? value : inspect(value, { depth: 12, maxStringLength: null, maxArrayLength: null });
  return secrets.find((secret) => shown.includes(secret) || shown.includes(encodeURIComponent(secret)));
}
