import { cleanValues, type KeyCase, type KeyValues } from "./key-values.ts";
import { OptionProblem } from "./option-problem.ts";
import { closingOf, elementsOf } from "./pattern-elements.ts";
import { compilePattern, quote, type SafePattern } from "./safe-pattern.ts";
import { checkSeparated, type Token, valueToken } from "./tokens.ts";

type ValueName = "container" | "item";

type KeyPart =
  | { readonly type: "literal"; readonly text: string }
  | { readonly type: "value"; readonly name: ValueName; readonly source: string };

/** A key pattern, understood: it reads keys and writes them. */
export interface KeyPattern {
  /** False for a tracker that has one container only. */
  readonly hasContainer: boolean;
  readonly keyCase: KeyCase;
  /** The key with everything optional written. */
  write(values: { readonly container: string; readonly item: string }): string;
  /** Reads a key as it is written; null for anything else. */
  readWhole(text: string): KeyValues | null;
  /** Reads a key as it may be typed, with optional parts or without. */
  read(text: string): KeyValues | null;
  /** The key, or one of its values, as a part of a URL. */
  token(name: ValueName | "key"): Token;
}

const notLiteral = /^(?:[.*+?|()^$]|[([{].+|\\[A-Za-z0-9].*)$/s;

/** @throws OptionProblem */
export function parseKeyPattern(text: string, keyCase: KeyCase): KeyPattern {
  const ignoreCase = keyCase !== "as-is";
  const source = withoutAnchors(text);
  compilePattern(source, ignoreCase);
  const elements = elementsOf(source);
  const hasNames = elements.some((one) => one.startsWith("(?<"));
  const parts: readonly KeyPart[] = hasNames ? readParts(elements) : [{ type: "value", name: "item", source }];
  const names = parts.flatMap((part) => (part.type === "value" ? part.name : []));
  if (!names.includes("item")) throw new OptionProblem("A group (?<item>…) is missing: what distinguishes an issue.");
  if (new Set(names).size < names.length)
    throw new OptionProblem("Each of the groups container and item may stand once.");
  for (const part of parts) if (part.type === "value") refuseEmpty(part, ignoreCase);
  const tokens = parts.map((part): Token => {
    return part.type === "literal" ? part : valueToken(part.name, part.source, ignoreCase);
  });
  checkSeparated(tokens, "the key pattern");
  const sample = parts.map((part) => (part.type === "literal" ? part.text : "x")).join("");
  if (sample.split("/").some((segment) => /^\.*$/.test(segment))) {
    throw new OptionProblem("Slashes in a key stand between other characters than dots; else its URL would change.");
  }

  const whole = compilePattern(parts.map(patternOf).join(""), ignoreCase);
  const typed = compilePattern(hasNames ? source : `(?<item>${source})`, ignoreCase);
  return {
    hasContainer: names.includes("container"),
    keyCase,
    write: (values) => parts.map((part) => (part.type === "literal" ? part.text : values[part.name])).join(""),
    readWhole: (key) => valuesOf(whole, key, keyCase),
    read: (key) => valuesOf(typed, key, keyCase),
    token(name) {
      if (name === "key") return valueToken(name, parts.map(nameless).join(""), ignoreCase);
      const value = parts.find((part) => part.type === "value" && part.name === name);
      if (value?.type !== "value") throw new OptionProblem(`{${name}} needs a group (?<${name}>…) in the key pattern.`);
      return valueToken(name, value.source, ignoreCase);
    },
  };
}

/** The whole key is matched anyway; many write it out. */
function withoutAnchors(text: string): string {
  return text.replace(/^\^/, "").replace(/(?<!\\)((?:\\\\)*)\$$/, "$1");
}

function readParts(elements: readonly string[]): readonly KeyPart[] {
  const parts: KeyPart[] = [];
  for (let at = 0; at < elements.length; ) {
    const text = elements[at] ?? "";
    const end = text.startsWith("(") ? closingOf(elements, at) : at;
    const inside = elements.slice(at + 1, end);
    const isOptional = elements[end + 1] === "?";
    if (text.startsWith("(?<")) {
      parts.push(readValue(text.slice("(?<".length, -1), inside, isOptional));
    } else if (text === "(?:") {
      if (!isOptional) throw new OptionProblem("A group (?:…) around others needs a ? behind it: it may be left out.");
      parts.push(...readParts(inside));
    } else parts.push({ type: "literal", text: literalOf(text) });
    at = end + (isOptional ? 2 : 1);
  }
  return parts;
}

function readValue(name: string, inside: readonly string[], isOptional: boolean): KeyPart {
  if (name !== "container" && name !== "item") {
    throw new OptionProblem(`There is no group "${name}", only container and item.`);
  }
  if (name === "item" && isOptional) throw new OptionProblem("Only the container may be left out, not the item.");
  if (inside.some((text) => text.startsWith("(?<")))
    throw new OptionProblem("Named groups cannot stand in each other.");
  return { type: "value", name, source: inside.join("") };
}

function literalOf(text: string): string {
  if (notLiteral.test(text)) {
    throw new OptionProblem(
      `"${text}" varies or repeats, so it belongs into (?<container>…) or (?<item>…). Outside of them stands only what is the same in every key, with a ? behind it if it may be left out.`,
    );
  }
  return text.startsWith("\\") ? text.slice(1) : text;
}

function refuseEmpty(
  { name, source }: { readonly name: ValueName; readonly source: string },
  ignoreCase: boolean,
): void {
  if (compilePattern(source, ignoreCase).matches("")) {
    throw new OptionProblem(`The ${name} must have at least one character; this pattern also fits none.`);
  }
}

function patternOf(part: KeyPart): string {
  return part.type === "literal" ? quote(part.text) : `(?<${part.name}>${part.source})`;
}

function nameless(part: KeyPart): string {
  return part.type === "literal" ? quote(part.text) : `(?:${part.source})`;
}

function valuesOf(pattern: SafePattern, text: string, keyCase: KeyCase): KeyValues | null {
  const groups = pattern.groups(text);
  return groups === null ? null : cleanValues(groups, keyCase);
}
