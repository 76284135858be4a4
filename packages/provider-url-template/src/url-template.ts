import { withoutTrailingSlashes } from "@backref/provider-kit";
import { OptionProblem } from "./option-problem.ts";

/** A URL with `{names}` in it, checked. */
export interface UrlTemplate<Name extends string> {
  /** Names in it, as often as they stand there. */
  readonly names: readonly Name[];
  /** Lower-case host, with port where it is not the usual one. */
  readonly host: string;
  /** Decoded, without trailing slashes; split at names. */
  readonly path: readonly TemplatePiece<Name>[];
  readonly query: readonly { readonly name: string; readonly value: readonly TemplatePiece<Name>[] }[];
  /** Empty where it holds no name: fragments without one tell nothing. */
  readonly fragment: readonly TemplatePiece<Name>[];
  fill(values: Readonly<Record<Name, string>>): string;
}

export type TemplatePiece<Name extends string> =
  | { readonly type: "literal"; readonly text: string }
  | { readonly type: "name"; readonly name: Name };

/** Stand for names while the URL is parsed; no template may hold them. */
const firstMarker = 0xe000;
const marker = /([\ue000-\ue0ff])/;

/**
 * @param text begins with `/`, and continues the base URL then, or with `https://`
 * @throws OptionProblem
 */
export function parseUrlTemplate<Name extends string>(
  text: string,
  baseUrl: string,
  known: readonly Name[],
): UrlTemplate<Name> {
  const absolute = absoluteOf(text, baseUrl);
  const marked = absolute.replace(/\{([^{}]*)\}/g, (whole, name: string) => {
    const index = known.indexOf(name as Name);
    if (index !== -1) return String.fromCharCode(firstMarker + index);
    throw new OptionProblem(`There is no placeholder ${whole}, only ${known.map((one) => `{${one}}`).join(", ")}.`);
  });
  if (/[{}]/.test(marked)) throw new OptionProblem("A brace is missing or left over; placeholders look like {item}.");
  if (marker.test(/^https?:\/\/[^/?#]*/i.exec(marked)?.[0] ?? "")) {
    throw new OptionProblem("The host cannot hold a placeholder: links would lead to any host.");
  }
  if (!URL.canParse(marked)) throw new OptionProblem("This is no URL.");
  const url = new URL(marked);
  if (url.username !== "" || url.password !== "") {
    throw new OptionProblem("It contains a user name or password, which everybody who sees a link would read.");
  }
  const pieces = (part: string) => piecesOf(part, known);
  const query = [...url.searchParams].map(([name, value]) => ({ name, value: pieces(value) }));
  if (query.some(({ name }) => marker.test(name))) {
    throw new OptionProblem("Placeholders of the query stand behind a =, as in ?id={item}.");
  }
  if (new Set(query.map(({ name }) => name)).size < query.length) {
    throw new OptionProblem("A name stands in the query twice.");
  }
  const [path, fragment] = [decode(url.pathname), decode(url.hash.slice(1))];
  if (path === null || fragment === null) throw new OptionProblem("A % stands for itself only when written as %25.");
  const parts = {
    path: pieces(withoutTrailingSlashes(path)),
    query,
    fragment: marker.test(fragment) ? pieces(fragment) : [],
  };
  return {
    ...parts,
    // Of the URL as it is understood: a step up in the path may have taken a name away.
    names: [parts.path, ...query.map(({ value }) => value), parts.fragment]
      .flat()
      .flatMap((piece) => (piece.type === "name" ? piece.name : [])),
    host: url.host,
    fill: (values) => fillTemplate(absolute, values),
  };
}

function absoluteOf(text: string, baseUrl: string): string {
  if (/[\s\\\p{Cc}]/u.test(text) || /\p{Co}/u.test(text + decode(text)) || !text.isWellFormed()) {
    throw new OptionProblem("It must not contain spaces, backslashes or characters without a meaning.");
  }
  if (/^\/(?!\/)/.test(text)) return `${baseUrl}${text}`;
  if (/^https:\/\/[^/?#]/i.test(text)) return text;
  throw new OptionProblem(
    "It must begin with https:// or, below the source's base URL, with a single /, as in /show_bug.cgi?id={item}.",
  );
}

function piecesOf<Name extends string>(text: string, known: readonly Name[]): readonly TemplatePiece<Name>[] {
  return text
    .split(marker)
    .filter((piece) => piece !== "")
    .map((piece) => {
      const name = marker.test(piece) ? known[piece.charCodeAt(0) - firstMarker] : undefined;
      return name === undefined ? { type: "literal", text: piece } : { type: "name", name };
    });
}

/** Slashes divide a path and mean nothing elsewhere; everything else that means something is escaped. */
function fillTemplate(template: string, values: Readonly<Record<string, string>>): string {
  const pathEnd = template.search(/[?#]/);
  const filled = template.replace(/\{([^{}]*)\}/g, (_, name: string, at: number) => {
    const value = (values[name] ?? "").toWellFormed();
    const isInPath = pathEnd === -1 || at < pathEnd;
    return isInPath ? value.split("/").map(encodeURIComponent).join("/") : encodeURIComponent(value);
  });
  return new URL(filled).href;
}

/** Null for escapes that stand for nothing. */
export function decode(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
