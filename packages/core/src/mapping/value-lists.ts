import type { FieldValue } from "../domain/fields.ts";

export const asList = (value: FieldValue | undefined): readonly string[] =>
  Array.isArray(value) ? (value as readonly string[]) : [];

/** True for lists of the same values, in any order. */
export function sameLists(a: FieldValue, b: FieldValue): boolean {
  const [left, right] = [asList(a), asList(b)];
  return left.length === right.length && left.every((name) => right.includes(name));
}
