import { BackrefError } from "@backref/core/storage";

/** Where in the value the copy is at the moment. */
type Path = (string | number)[];

/**
 * The value as data that nobody can change. What is frozen already is shared, everything else is copied.
 * NUL is refused with `invalid-input`; whatever JSON cannot hold is a `TypeError`.
 */
export function frozenCopy<Value>(value: Value): Value {
  return copyOf(value, []) as Value;
}

/** Checks texts that are only compared, never stored. */
export function refuseNul(...texts: readonly unknown[]): void {
  for (const text of texts) if (typeof text === "string") checkText(text, []);
}

function copyOf(value: unknown, path: Path): unknown {
  switch (typeof value) {
    case "string":
      return checkText(value, path);
    case "number":
      if (Number.isFinite(value)) return value;
      throw notData(path, String(value));
    case "boolean":
      return value;
    case "object":
      if (value === null) return null;
      return Array.isArray(value) ? copyOfArray(value, path) : copyOfObject(value, path);
    default:
      throw notData(path, typeof value);
  }
}

function copyAt(step: string | number, value: unknown, path: Path): unknown {
  path.push(step);
  const copy = copyOf(value, path);
  path.pop();
  return copy;
}

function copyOfArray(value: readonly unknown[], path: Path): readonly unknown[] {
  const copy = value.map((item, index) => copyAt(index, item, path));
  const isShareable = Object.isFrozen(value) && copy.every((item, index) => item === value[index]);
  return isShareable ? value : Object.freeze(copy);
}

function copyOfObject(value: object, path: Path): object {
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) throw notData(path, "an object of a class");
  let isShareable = Object.isFrozen(value);
  const copy: Record<string, unknown> = {};
  for (const [name, property] of Object.entries(value)) {
    if (property === undefined) {
      isShareable = false;
      continue;
    }
    checkText(name, path);
    const copied = copyAt(name, property, path);
    if (copied !== property) isShareable = false;
    if (name === "__proto__") Object.defineProperty(copy, name, { value: copied, enumerable: true });
    else copy[name] = copied;
  }
  return isShareable ? value : Object.freeze(copy);
}

function checkText(text: string, path: Path): string {
  if (!text.includes("\0")) return text;
  const message = "Text must not contain NUL (U+0000). Remove the character and try again.";
  throw new BackrefError({ code: "invalid-input", message, issues: [{ path: [...path], message }] });
}

function notData(path: Path, what: string): TypeError {
  return new TypeError(`Only plain JSON data can be stored, but ${path.join(".") || "the value"} is ${what}.`);
}
