import { invalid } from "./failure.ts";

/** One condition of a query. */
export interface Clause {
  readonly field: string;
  readonly operator: "=" | "!=" | "~" | "!~" | ">" | ">=" | "<" | "<=" | "in" | "not in" | "is" | "is not";
  readonly values: readonly JqlValue[];
}

export interface JqlValue {
  readonly text: string;
  readonly isQuoted: boolean;
}

export type Condition =
  | { readonly kind: "clause"; readonly clause: Clause }
  | { readonly kind: "and" | "or"; readonly parts: readonly Condition[] };

export interface Query {
  /** Null for a query without a restriction. */
  readonly where: Condition | null;
  readonly order: readonly { readonly field: string; readonly descending: boolean }[];
}

interface Token {
  readonly text: string;
  readonly kind: "word" | "string" | "sign";
}

const pattern = /\s*(?:("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(>=|<=|!=|!~|[=~<>(),])|([^\s"'=~<>(),!]+))/y;

/** Words that mean something unless they are quoted. Jira reserves many more. */
const reserved = new Set(["and", "or", "not", "empty", "null", "order", "by", "select", "from", "where", "delete"]);

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  pattern.lastIndex = 0;
  while (pattern.lastIndex < text.trimEnd().length) {
    const at = pattern.lastIndex;
    const match = pattern.exec(text);
    if (match === null) throw invalid(`Error in the JQL Query: unexpected character at ${at}. The quotes may be open.`);
    const [, string, sign, word] = match;
    if (string !== undefined) tokens.push({ kind: "string", text: readEscapes(string.slice(1, -1)) });
    else if (sign !== undefined) tokens.push({ kind: "sign", text: sign });
    else tokens.push({ kind: "word", text: word ?? "" });
  }
  return tokens;
}

function readEscapes(text: string): string {
  const named: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t" };
  return text.replaceAll(/\\(u[0-9a-fA-F]{4}|.)/g, (_match, code: string) =>
    code.length === 5 ? String.fromCharCode(Number.parseInt(code.slice(1), 16)) : (named[code] ?? code),
  );
}

/** Reads the part of JQL that this fake understands, and refuses the rest as Jira refuses what is wrong. */
export function parseJql(text: string): Query {
  const tokens = tokenize(text);
  const state = { at: 0 };
  const peek = (): Token | undefined => tokens[state.at];
  const isWord = (word: string, offset = 0): boolean => {
    const token = tokens[state.at + offset];
    return token?.kind === "word" && token.text.toLowerCase() === word;
  };
  const isSign = (sign: string): boolean => peek()?.kind === "sign" && peek()?.text === sign;
  const next = (): Token => {
    const token = tokens[state.at];
    if (token === undefined) throw invalid("Error in the JQL Query: unexpected end.");
    state.at += 1;
    return token;
  };
  const expect = (sign: string): void => {
    if (!isSign(sign))
      throw invalid(`Error in the JQL Query: expected '${sign}' but got '${peek()?.text ?? "the end"}'.`);
    state.at += 1;
  };
  const value = (): JqlValue => {
    const token = next();
    if (token.kind === "sign") throw invalid(`Error in the JQL Query: unexpected '${token.text}'.`);
    if (token.kind === "word" && reserved.has(token.text.toLowerCase()) && token.text.toLowerCase() !== "empty")
      throw invalid(`Error in the JQL Query: '${token.text}' is a reserved JQL word. Quote it.`);
    return { text: token.text, isQuoted: token.kind === "string" };
  };
  const list = (): JqlValue[] => {
    expect("(");
    const values = [value()];
    while (isSign(",")) {
      state.at += 1;
      values.push(value());
    }
    expect(")");
    return values;
  };
  const clause = (): Clause => {
    const field = value().text;
    if (isWord("in") || (isWord("not") && isWord("in", 1))) {
      const negated = isWord("not");
      state.at += negated ? 2 : 1;
      return { field, operator: negated ? "not in" : "in", values: list() };
    }
    if (isWord("is")) {
      state.at += 1;
      const negated = isWord("not");
      if (negated) state.at += 1;
      return { field, operator: negated ? "is not" : "is", values: [value()] };
    }
    const sign = next();
    if (sign.kind !== "sign" || ["(", ")", ","].includes(sign.text))
      throw invalid(`Error in the JQL Query: expected an operator but got '${sign.text}'.`);
    return { field, operator: sign.text as Clause["operator"], values: [value()] };
  };
  const term = (): Condition => {
    if (!isSign("(")) return { kind: "clause", clause: clause() };
    state.at += 1;
    const inner = any();
    expect(")");
    return inner;
  };
  const chain = (word: "and" | "or", read: () => Condition): Condition => {
    const parts = [read()];
    while (isWord(word)) {
      state.at += 1;
      parts.push(read());
    }
    const [only] = parts;
    return parts.length === 1 && only !== undefined ? only : { kind: word, parts };
  };
  const any = (): Condition => chain("or", () => chain("and", term));
  const where = tokens.length === 0 || isWord("order") ? null : any();
  const order: { field: string; descending: boolean }[] = [];
  if (isWord("order") && isWord("by", 1)) {
    state.at += 2;
    do {
      if (isSign(",")) state.at += 1;
      const field = value().text;
      const descending = isWord("desc");
      if (descending || isWord("asc")) state.at += 1;
      order.push({ field, descending });
    } while (isSign(","));
  }
  if (peek() !== undefined) throw invalid(`Error in the JQL Query: unexpected '${peek()?.text}'.`);
  return { where, order };
}
