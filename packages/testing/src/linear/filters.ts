import { asObject, type JsonObject } from "../fake/json.ts";

/** A record as filters see it: a value for each member that can be asked for, or a record below it. */
export interface Filtered {
  readonly [member: string]: string | number | boolean | null | Filtered;
}

/** True where a record fits a filter of Linear's: all members of it, and of lists of filters as `and` and `or` say. */
export function fits(record: Filtered | null, filter: unknown): boolean {
  return Object.entries(asObject(filter)).every(([member, wanted]) => {
    if (wanted === null || wanted === undefined) return true;
    if (member === "and") return (wanted as readonly unknown[]).every((part) => fits(record, part));
    if (member === "or") return (wanted as readonly unknown[]).some((part) => fits(record, part));
    if (member === "null") return (record === null) === wanted;
    const value = record?.[member] ?? null;
    if (typeof value === "object") return value !== null ? fits(value, wanted) : fits(null, wanted);
    return compares(value, asObject(wanted));
  });
}

function compares(value: string | number | boolean, comparator: JsonObject): boolean {
  return Object.entries(comparator).every(([operator, operand]) => {
    switch (operator) {
      case "eq":
        return value === operand;
      case "eqIgnoreCase":
        return String(value).toLowerCase() === String(operand).toLowerCase();
      case "in":
        return (operand as readonly unknown[]).includes(value);
      case "containsIgnoreCase":
        return String(value).toLowerCase().includes(String(operand).toLowerCase());
      case "gte":
        return Number(value) >= Date.parse(String(operand));
      case "gt":
        return Number(value) > Date.parse(String(operand));
      default:
        throw new RangeError(`The fake Linear does not compare by "${operator}"`);
    }
  });
}
