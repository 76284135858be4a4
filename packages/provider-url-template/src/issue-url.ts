import { withoutTrailingSlashes } from "@backref/provider-kit";
import type { KeyPattern } from "./key-pattern.ts";
import { cleanValues, type KeyValues } from "./key-values.ts";
import { OptionProblem } from "./option-problem.ts";
import { compilePattern, quote, type SafePattern } from "./safe-pattern.ts";
import { checkSeparated, type Token } from "./tokens.ts";
import { decode, parseUrlTemplate, type TemplatePiece } from "./url-template.ts";

/** The issue URL template of a source: it writes URLs and reads them. */
export interface IssueUrl {
  readonly host: string;
  write(values: Readonly<Record<IssueName, string>>): string;
  /**
   * The values that a URL holds; null where it does not fit. Other parameters, their order, a fragment and a longer path
   * are forgiven. The host is not looked at.
   */
  read(url: URL): KeyValues | null;
}

const issueNames = ["container", "item", "key"] as const;
type IssueName = (typeof issueNames)[number];
type Values = Readonly<Record<string, string | undefined>>;

/** @throws OptionProblem */
export function parseIssueUrl(text: string, baseUrl: string, key: KeyPattern): IssueUrl {
  const template = parseUrlTemplate(text, baseUrl, issueNames);
  const { names } = template;
  if (!names.includes("item") && !names.includes("key")) {
    throw new OptionProblem("It must contain {item} or {key}: what distinguishes an issue.");
  }
  if (key.hasContainer && !names.includes("container") && !names.includes("key")) {
    throw new OptionProblem("It must contain {container} or {key}: the key pattern has a group (?<container>…).");
  }
  const compile = (pieces: readonly TemplatePiece<IssueName>[], where: string, more = "") =>
    patternOf(pieces, where, more, key);
  const path = compile(template.path, "the path");
  const deeperPath = template.path.some((piece) => piece.type === "name")
    ? compile(template.path, "the path", "/(?s:.*)")
    : null;
  const query = template.query.map(({ name, value }) => ({ name, pattern: compile(value, "the query") }));
  const fragment = template.fragment.length === 0 ? null : compile(template.fragment, "the fragment");

  const readWith = (pathPattern: SafePattern, url: URL): KeyValues | null => {
    const pathText = decode(url.pathname);
    if (pathText === null) return null;
    const found: (Values | null)[] = [pathPattern.groups(withoutTrailingSlashes(pathText))];
    for (const { name, pattern } of query) {
      const value = url.searchParams.get(name);
      found.push(value === null ? null : pattern.groups(value));
    }
    if (fragment !== null) found.push(fragment.groups(decode(url.hash.slice(1)) ?? ""));
    return agreed(found, key);
  };
  return {
    host: template.host,
    write: template.fill,
    read: (url) => readWith(path, url) ?? (deeperPath === null ? null : readWith(deeperPath, url)),
  };
}

function patternOf(
  pieces: readonly TemplatePiece<IssueName>[],
  where: string,
  more: string,
  key: KeyPattern,
): SafePattern {
  const tokens = pieces.map((piece): Token => (piece.type === "literal" ? piece : key.token(piece.name)));
  checkSeparated(tokens, where);
  const names = tokens.flatMap((token) => (token.type === "value" ? token.name : []));
  if (new Set(names).size < names.length) throw new OptionProblem(`In ${where}, each placeholder may stand once.`);
  const source = tokens.map((token) =>
    token.type === "literal" ? quote(token.text) : `(?<${token.name}>${token.pattern})`,
  );
  return compilePattern(source.join("") + more, false);
}

/** What all parts of a URL say together; null where one does not fit, or two contradict each other. */
function agreed(found: readonly (Values | null)[], key: KeyPattern): KeyValues | null {
  const values: { container?: string; item?: string } = {};
  for (const groups of found) {
    if (groups === null) return null;
    const { key: wholeKey, ...direct } = groups;
    const said = [cleanValues(direct, key.keyCase), wholeKey === undefined ? {} : key.readWhole(wholeKey)];
    for (const one of said) {
      if (one === null) return null;
      const { container = values.container, item = values.item } = one;
      if ((values.container ?? container) !== container || (values.item ?? item) !== item) return null;
      if (container !== undefined) values.container = container;
      if (item !== undefined) values.item = item;
    }
  }
  return values;
}
