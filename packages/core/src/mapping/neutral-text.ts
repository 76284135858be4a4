import type { ResolvedCapabilities } from "../provider/resolved-capabilities.ts";
import { splitCode } from "./markdown-code.ts";
import { joinQuickActions, partQuickActions } from "./quick-actions.ts";

/** What a tracker makes of text: notifications, links that leave a note at the other end, and commands. */
export type TextRules = Pick<ResolvedCapabilities, "mentions" | "references" | "quickActions">;

interface Patterns {
  readonly neutralise: RegExp;
  /** The same where an address becomes a link only as an attribute. */
  readonly neutraliseHtml: RegExp;
  readonly restore: RegExp;
  /** The host of an address that leaves a note, and the one that does not; null where there is no other. */
  readonly host: RegExp | null;
  readonly quietHost: RegExp | null;
}

/** Parts `@` from the name, `#` from the number and `[` from what it names; nobody sees it. */
const breaker = "\u200b";
const entityNames: Readonly<Record<string, string>> = {
  ...{ "@": "commat", "#": "num", "!": "excl", "&": "(?:amp|AMP)" },
  ...{ "[": "(?:lsqb|lbrack)", ":": "colon", _: "(?:lowbar|UnderBar)" },
};
const literal = (text: string) => text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
/** Some other character reference, such as that of an apostrophe, is no number behind a `#`. */
const otherReference = "(?<!\\\\)&#(?:\\d{1,7}|x[\\da-f]{1,6});";
/**
 * An address becomes a link as a whole, and nothing in it is read again. It ends before whatever may be markup, so that
 * nothing behind it passes for a part of it.
 */
const address =
  "(?:(?<![^\\s(<>\"'*~|[{])(?:https?|ftp):\\/\\/(?=[\\p{L}\\p{N}])(?![\\p{L}\\p{N}.-]*_)" +
  "(?:[^\\s<>\"'`|[\\]*~^{}()_]|_(?=[a-z\\d])|\\([^\\s<>\"'`|[\\]*~^{}()]*\\))+)";

/** A character as Markdown lets people write it: plain, escaped, or as a character reference. */
function anyForm(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const name = entityNames[character];
  const forms = [
    /[a-z\d]/i.test(character) ? literal(character) : `\\\\?${literal(character)}`,
    `(?<!\\\\)&#0*${code}(?:;|(?!\\d))`,
    `(?<!\\\\)&#x0*${code.toString(16)}(?:;|(?![\\da-f]))`,
    ...(name === undefined ? [] : [`&${name};`]),
  ];
  return `(?:${forms.join("|")})`;
}

/** What notifies or links, up to where it is parted, and what must follow. */
function triggersOf({
  mentions,
  references,
}: Omit<TextRules, "quickActions">): readonly (readonly [before: string, after: string])[] {
  const notInWord = "(?<![a-z\\d])";
  const numbers = references.prefixes.map((prefix): readonly [string, string] => {
    const isWord = /^\w/.test(prefix);
    return [`${isWord ? notInWord : ""}${[...prefix].map(anyForm).join("")}`, "(?=\\d|&#)"];
  });
  const anyName = references.named.map((name) => [...name].map(anyForm).join("")).join("|");
  const named: readonly (readonly [string, string])[] =
    anyName === "" ? [] : [[anyForm("["), `(?=(?:${anyName})${anyForm(":")})`]];
  const hyphen = anyForm("-");
  // A UUID looks like several of them and is none.
  const keys: readonly [string, string] = [
    `${notInWord}[a-z][a-z\\d]{0,9}${hyphen}`,
    "(?=&#|\\d{1,9}(?![a-z\\d]|-[\\da-f]{4}-|-[\\da-f]{12}))",
  ];
  // Behind a whole mail address a name may follow at once.
  // What may be one comes first: only there is it worth looking back.
  const before = `(?=[@&\\\\])(?:${notInWord}|(?<=@[\\w.${breaker}-]+))${anyForm("@")}`;
  const names: readonly [string, string] = [before, "(?=[\\p{L}\\p{N}_]|&[#a-z])"];
  return [...(mentions ? [names] : []), ...numbers, ...named, ...(references.keys ? [keys] : [])];
}

function compile(rules: Omit<TextRules, "quickActions">): Patterns | null {
  const triggers = triggersOf(rules);
  const { urls } = rules.references;
  if (triggers.length === 0 && urls === null) return null;
  const issuePath = `(?=\\/[^\\s/<>()]+\\/[^\\s/<>()]+\\/(?:${urls?.kinds.map(literal).join("|")})\\/\\d)`;
  const atHost = (host: string) => new RegExp(`(?<=https?:\\/\\/)${host}${issuePath}`, "giu");
  const alternatives = triggers.map(([before, after]) => `${before}${after}`);
  const parted = triggers.map(([before, after]) => `(?<=${before})${breaker}${after}`);
  const neutralise = (addresses: string) =>
    new RegExp([`(?<kept>${addresses})`, ...alternatives, `(?<other>${otherReference})`].join("|"), "giu");
  return {
    neutralise: neutralise(address),
    neutraliseHtml: neutralise(`(?<==["'])${address}`),
    restore: new RegExp(parted.length === 0 ? "(?!)" : parted.join("|"), "giu"),
    host: urls === null ? null : atHost(`(?:www\\.)?${literal(urls.host)}`),
    quietHost: urls === null ? null : atHost(literal(urls.quietHost)),
  };
}

const compiled = new Map<string, Patterns | null>();

function patternsOf({ mentions, references }: TextRules): Patterns | null {
  const key = JSON.stringify([mentions, references]);
  const patterns = compiled.get(key);
  if (patterns !== undefined) return patterns;
  const made = compile({ mentions, references });
  compiled.set(key, made);
  return made;
}

/**
 * Keeps outgoing Markdown from notifying people, from leaving notes at other issues and from being carried out: mentions,
 * numbers and commands are parted by a zero-width space, addresses of issues lead there by a host that leaves none. Code
 * stays as it is.
 */
export function neutraliseText(text: string, rules: TextRules): string {
  if (!rules.quickActions) return neutraliseMarkup(text, rules);
  // Whoever reads commands takes out carriage returns first, which could join a name or a command that they part.
  return partQuickActions(neutraliseMarkup(text.replace(/\r(?!\n)/g, "\n"), rules), breaker);
}

function neutraliseMarkup(text: string, rules: TextRules): string {
  const patterns = patternsOf(rules);
  if (patterns === null) return text;
  const { host, neutralise, neutraliseHtml } = patterns;
  const quietHost = rules.references.urls?.quietHost ?? "$&";
  if (![host, neutraliseHtml].some((pattern) => pattern !== null && text.search(pattern) >= 0)) return text;
  return splitCode(text)
    .map(({ kind, text: piece }) => {
      if (kind === "code") return piece;
      const quiet = host === null ? piece : piece.replace(host, quietHost);
      return quiet.replace(kind === "html" ? neutraliseHtml : neutralise, (found: string, ...rest: unknown[]) => {
        const { kept, other } = rest.at(-1) as Readonly<Record<"kept" | "other", string | undefined>>;
        return kept === undefined && other === undefined ? found + breaker : found;
      });
    })
    .join("");
}

/** The inverse: what comes back from the tracker reads as it was written. */
export function restoreText(text: string, rules: TextRules): string {
  return restoreMarkup(rules.quickActions && text.includes(breaker) ? joinQuickActions(text) : text, rules);
}

function restoreMarkup(text: string, rules: TextRules): string {
  const patterns = patternsOf(rules);
  if (patterns === null) return text;
  const joined = text.includes(breaker) ? text.replace(patterns.restore, "") : text;
  const { urls } = rules.references;
  return patterns.quietHost === null || urls === null ? joined : joined.replace(patterns.quietHost, urls.host);
}
