import type { IssueLocation } from "../../domain/issue-snapshot.ts";

/** What a text says about one source: nothing, one issue, or several of them. */
export type FoundIssue =
  | { readonly kind: "none" }
  | { readonly kind: "one"; readonly location: IssueLocation }
  | { readonly kind: "several"; readonly texts: readonly string[] };

export interface IssueReader {
  /** `provider.parseIssue`, with the source's site filled in. */
  readonly parse: (text: string) => IssueLocation | null;
  /** Equal for two locations that are the same issue. */
  readonly keyOf: (location: IssueLocation) => string;
}

const mostWords = 50;

// Spaces, quotes and brackets of any language end a URL; so does what Slack and Jira put between a URL and its text.
const urls = /https?:\/\/[^\s<>"`|\\“”„«»‹›「」]+/giu;
const opening = /^[\s([{<"'`“”„‘‚«‹「*_~]+/u;
const closing = /[\s.,:;!?…"'`“”’»›」*_~>。、，]$/u;
const brackets: Readonly<Record<string, string>> = { ")": "(", "]": "[", "}": "{" };

/**
 * Finds the one issue that a pasted text names. The text as it is comes first; then the URLs in it, in whatever they are
 * wrapped; then, where there is none, its first word. A text that names several issues is nobody's to choose from. URLs
 * may have the other scheme, or none.
 */
export function findIssueInText(text: string, given: IssueReader): FoundIssue {
  const reader: IssueReader = { ...given, parse: (part) => given.parse(part) ?? parseOtherwise(part, given.parse) };
  // Marks of direction and joining come along with text from chats and documents; nobody sees them.
  const shown = text.replace(/\p{Cf}/gu, "").trim();
  const whole = reader.parse(shown);
  if (whole !== null) return { kind: "one", location: whole };
  const addresses = urlsIn(shown);
  // A URL says where the issue is: a key beside it may be another tracker's.
  if (addresses.length > 0) return onlyOne(addresses, reader);
  const [first = "", ...others] = shown.split(/\s+/).slice(0, mostWords);
  const key = unwrap(first);
  if (others.length === 0) return onlyOne([key], reader);
  // "12 reasons" is no issue 12.
  if (/^\d*$/.test(key) || reader.parse(key) === null) return { kind: "none" };
  return onlyOne([key, ...others.map(unwrap).filter((word) => !/^\d*$/.test(word))], reader);
}

function parseOtherwise(text: string, parse: IssueReader["parse"]): IssueLocation | null {
  if (/^https:/i.test(text)) return parse(text.replace(/^https/i, "http"));
  if (/^http:/i.test(text)) return parse(text.replace(/^http/i, "https"));
  const isAddress = /^[^\s/:.]+\.[^\s/]+\/\S+$/.test(text);
  return isAddress ? (parse(`https://${text}`) ?? parse(`http://${text}`)) : null;
}

function onlyOne(texts: readonly string[], { parse, keyOf }: IssueReader): FoundIssue {
  const found = new Map<string, { readonly text: string; readonly location: IssueLocation }>();
  for (const text of texts) {
    const location = parse(text);
    if (location !== null && !found.has(keyOf(location))) found.set(keyOf(location), { text, location });
  }
  const [first, ...others] = found.values();
  if (first === undefined) return { kind: "none" };
  if (others.length === 0) return { kind: "one", location: first.location };
  return { kind: "several", texts: [...found.values()].map((one) => one.text) };
}

/** Markdown has a URL both as the text of a link and as its address, with nothing but brackets in between. */
function urlsIn(text: string): readonly string[] {
  return (text.replaceAll("](", " ").match(urls) ?? []).slice(0, mostWords).map(withoutEnd);
}

function unwrap(word: string): string {
  return withoutEnd(word.replace(opening, ""));
}

/** Without the punctuation that belongs to the sentence, and without brackets that were opened before it. */
function withoutEnd(text: string): string {
  // How many more of each pair are closed than opened; counted once, since texts may be nothing but brackets.
  const extra = new Map<string, number>();
  for (const character of text) {
    const open = brackets[character];
    if (open !== undefined) extra.set(open, (extra.get(open) ?? 0) + 1);
    else if (isOpening(character)) extra.set(character, (extra.get(character) ?? 0) - 1);
  }
  let end = text.length;
  for (;;) {
    const last = text[end - 1] ?? "";
    const open = brackets[last];
    const count = open === undefined ? 0 : (extra.get(open) ?? 0);
    if (open !== undefined && count > 0) extra.set(open, count - 1);
    else if (!closing.test(last)) return text.slice(0, end);
    end -= 1;
  }
}

function isOpening(character: string): boolean {
  return Object.values(brackets).includes(character);
}
