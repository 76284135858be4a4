import { ApiFailure, invalid } from "./failure.ts";

/** What a query asks of an issue. */
export type SearchTerm =
  | { readonly kind: "phrase"; readonly tokens: readonly string[] }
  | { readonly kind: "qualifier"; readonly name: string; readonly value: string }
  | { readonly kind: "not"; readonly term: SearchTerm }
  | { readonly kind: "and" | "or"; readonly terms: readonly SearchTerm[] };

const longestText = 256;
const mostOperators = 5;

type Piece = { readonly text: string; readonly isQuoted: boolean };

/**
 * Reads a query as GitHub's issue search does: words and quoted phrases, `name:value`, `-` and `NOT`; with
 * `advanced_search` also `AND`, `OR` and parentheses. What stands in quotation marks is text, whatever it says.
 */
export function parseSearchQuery(query: string, isAdvanced: boolean): SearchTerm {
  const pieces = piecesOf(query);
  const isOperator = ({ text, isQuoted }: Piece) => !isQuoted && /^(?:AND|OR|NOT)$/.test(text);
  const words = pieces.filter((piece) => !isOperator(piece) && !isQualifier(piece) && !/^[()]$/.test(piece.text));
  if (words.map(({ text }) => text).join(" ").length > longestText)
    throw refusal("The search is longer than 256 characters.");
  if (pieces.filter(isOperator).length > mostOperators) throw refusal("More than five AND / OR / NOT operators.");
  const position = { at: 0 };
  const term = either(pieces, position, isAdvanced);
  if (position.at < pieces.length) throw refusal("The search could not be understood.");
  return term;
}

/** Words as the index has them: letters and digits in lower case; everything else only separates. */
export function tokensOf(text: string): readonly string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}

function refusal(message: string): ApiFailure {
  return invalid({ resource: "Search", field: "q", code: "invalid", message });
}

function piecesOf(query: string): readonly Piece[] {
  const pattern = /(-?[a-z-]+:)?"([^"]*)"?|([()])|([^\s()"]+)/gi;
  return [...query.matchAll(pattern)].map(([, name, quoted, bracket, word]) =>
    name === undefined
      ? { text: quoted ?? bracket ?? word ?? "", isQuoted: quoted !== undefined }
      : { text: `${name}${quoted}`, isQuoted: false },
  );
}

const qualifier = /^(-?)([a-z-]+):(.+)$/i;

function isQualifier({ text, isQuoted }: Piece): boolean {
  return !isQuoted && qualifier.test(text);
}

type Position = { at: number };

function isNext(pieces: readonly Piece[], { at }: Position, text: string): boolean {
  const piece = pieces[at];
  return piece !== undefined && !piece.isQuoted && piece.text === text;
}

function either(pieces: readonly Piece[], position: Position, isAdvanced: boolean): SearchTerm {
  const terms = [all(pieces, position, isAdvanced)];
  while (isNext(pieces, position, "OR")) {
    needsAdvanced(isAdvanced);
    position.at += 1;
    terms.push(all(pieces, position, isAdvanced));
  }
  return terms.length === 1 ? (terms[0] as SearchTerm) : { kind: "or", terms };
}

function all(pieces: readonly Piece[], position: Position, isAdvanced: boolean): SearchTerm {
  const terms: SearchTerm[] = [];
  while (
    position.at < pieces.length &&
    !isNext(pieces, position, "OR") &&
    !(isAdvanced && isNext(pieces, position, ")"))
  ) {
    if (isNext(pieces, position, "AND")) position.at += 1;
    else terms.push(one(pieces, position, isAdvanced));
  }
  return terms.length === 1 ? (terms[0] as SearchTerm) : { kind: "and", terms };
}

function one(pieces: readonly Piece[], position: Position, isAdvanced: boolean): SearchTerm {
  const piece = pieces[position.at] ?? { text: "", isQuoted: true };
  position.at += 1;
  if (piece.isQuoted) return { kind: "phrase", tokens: tokensOf(piece.text) };
  if (piece.text === "NOT") return { kind: "not", term: one(pieces, position, isAdvanced) };
  if (piece.text === "(") {
    needsAdvanced(isAdvanced);
    const term = either(pieces, position, isAdvanced);
    if (!isNext(pieces, position, ")")) throw refusal("The search could not be understood.");
    position.at += 1;
    return term;
  }
  const [, minus, name, value = ""] = qualifier.exec(piece.text) ?? [];
  if (name === undefined) return { kind: "phrase", tokens: tokensOf(piece.text) };
  const term: SearchTerm = { kind: "qualifier", name: name.toLowerCase(), value: value.toLowerCase() };
  return minus === "-" ? { kind: "not", term } : term;
}

/** The older syntax has neither, and reads several repositories as any of them. The fake knows it for one only. */
function needsAdvanced(isAdvanced: boolean): void {
  if (!isAdvanced) throw new ApiFailure(501, "The fake GitHub knows OR and parentheses with advanced_search only");
}
