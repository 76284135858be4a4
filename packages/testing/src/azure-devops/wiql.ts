import { AzureDevOpsFailure } from "./failure.ts";

export type WiqlOperator = "=" | "<>" | "<" | ">" | "<=" | ">=" | "in" | "contains" | "under";

export type WiqlValue = { readonly text: string } | { readonly macro: string };

/** A condition of the language of queries (WIQL). */
export type Condition =
  | { readonly kind: "and" | "or"; readonly parts: readonly Condition[] }
  | { readonly kind: "not"; readonly part: Condition }
  | {
      readonly kind: "compare";
      readonly field: string;
      readonly operator: WiqlOperator;
      readonly values: readonly WiqlValue[];
    };

export interface WiqlQuery {
  readonly columns: readonly string[];
  readonly where: Condition | null;
  readonly order: readonly { readonly field: string; readonly isDescending: boolean }[];
}

const tokenPattern = /\s*(?:'((?:[^']|'')*)'|"((?:[^"]|"")*)"|\[([^\]]+)\]|(<>|<=|>=|[=<>(),])|(@?[\w.-]+))/y;

type Token =
  | { readonly kind: "text" | "field" | "word" | "sign"; readonly text: string }
  | { readonly kind: "end"; readonly text: "" };

const end: Token = { kind: "end", text: "" };

export function wiqlFailure(message: string): AzureDevOpsFailure {
  return new AzureDevOpsFailure(
    400,
    "WorkItemTrackingQueryException",
    `TF51006: The query statement is not valid. ${message}`,
  );
}

/** Understands flat queries over work items. */
export function parseWiql(text: string): WiqlQuery {
  const parser = new Parser(tokensOf(text));
  return parser.query();
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  const source = text.trimEnd();
  tokenPattern.lastIndex = 0;
  while (tokenPattern.lastIndex < source.length) {
    const at = tokenPattern.lastIndex;
    const match = tokenPattern.exec(source);
    if (match === null) throw wiqlFailure(`Unexpected text near «${source.slice(at, at + 20)}».`);
    const [, single, double, name, sign, word] = match;
    if (single !== undefined) tokens.push({ kind: "text", text: single.replaceAll("''", "'") });
    else if (double !== undefined) tokens.push({ kind: "text", text: double.replaceAll('""', '"') });
    else if (name !== undefined) tokens.push({ kind: "field", text: name });
    else if (sign !== undefined) tokens.push({ kind: "sign", text: sign });
    else tokens.push({ kind: "word", text: word ?? "" });
  }
  return tokens;
}

class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  query(): WiqlQuery {
    this.#need("select");
    const columns = this.#list(() => this.#field());
    this.#need("from");
    this.#need("workitems");
    const where = this.#skip("where") ? this.#or() : null;
    const order = this.#skip("order") ? this.#order() : [];
    if (this.#token.kind !== "end") throw wiqlFailure(`Unexpected «${this.#token.text}».`);
    return { columns, where, order };
  }

  #order(): WiqlQuery["order"] {
    this.#need("by");
    return this.#list(() => {
      const field = this.#field();
      const isDescending = this.#skip("desc");
      if (!isDescending) this.#skip("asc");
      return { field, isDescending };
    });
  }

  #or(): Condition {
    return this.#chain("or", () => this.#chain("and", () => this.#unit()));
  }

  #chain(kind: "and" | "or", read: () => Condition): Condition {
    const parts = [read()];
    while (this.#skip(kind)) parts.push(read());
    const [only] = parts;
    return parts.length === 1 && only !== undefined ? only : { kind, parts };
  }

  #unit(): Condition {
    if (this.#skip("not")) return { kind: "not", part: this.#unit() };
    if (!this.#skip("(")) return this.#comparison();
    const inner = this.#or();
    this.#need(")");
    return inner;
  }

  #comparison(): Condition {
    const field = this.#field();
    const isNot = this.#skip("not");
    const operator = this.#operator();
    const values = operator === "in" ? this.#values() : [this.#value()];
    const compared: Condition = { kind: "compare", field, operator, values };
    return isNot ? { kind: "not", part: compared } : compared;
  }

  #operator(): WiqlOperator {
    const text = this.#next().text.toLowerCase();
    if (text === "contains") this.#skip("words");
    if (["=", "<>", "<", ">", "<=", ">=", "in", "contains", "under"].includes(text)) return text as WiqlOperator;
    throw wiqlFailure(`The operator «${text}» is not supported.`);
  }

  #values(): WiqlValue[] {
    this.#need("(");
    const values = this.#list(() => this.#value());
    this.#need(")");
    return values;
  }

  #value(): WiqlValue {
    const token = this.#next();
    if (token.kind === "text") return { text: token.text };
    if (token.kind !== "word") throw wiqlFailure(`Expecting a value instead of «${token.text}».`);
    if (token.text.startsWith("@")) return { macro: token.text.toLowerCase() };
    return { text: token.text };
  }

  #field(): string {
    const token = this.#next();
    if (token.kind === "field" || token.kind === "word") return token.text;
    throw wiqlFailure(`Expecting a field name instead of «${token.text}».`);
  }

  #list<T>(read: () => T): T[] {
    const found = [read()];
    while (this.#skip(",")) found.push(read());
    return found;
  }

  get #token(): Token {
    return this.#tokens[this.#at] ?? end;
  }

  #next(): Token {
    const token = this.#token;
    this.#at += 1;
    return token;
  }

  /** Takes a word or sign if it is next. */
  #skip(text: string): boolean {
    const { kind, text: found } = this.#token;
    if ((kind !== "word" && kind !== "sign") || found.toLowerCase() !== text) return false;
    this.#at += 1;
    return true;
  }

  #need(text: string): void {
    if (!this.#skip(text)) throw wiqlFailure(`Expecting «${text}» instead of «${this.#token.text}».`);
  }
}
