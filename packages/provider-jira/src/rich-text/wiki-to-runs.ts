import { type Run, type RunMark, settle } from "./runs.ts";
import { linkTarget, wikiMarks } from "./runs-to-wiki.ts";

const markOf = Object.fromEntries(Object.entries(wikiMarks).map(([name, sign]) => [sign, name as RunMark]));
const isWord = (character: string | undefined) => character !== undefined && /[\p{L}\p{N}]/u.test(character);

interface Marking {
  readonly marks: ReadonlySet<RunMark>;
  readonly link: Run["link"];
}

/** The text of wiki markup, with what marks it. What is not understood stays as it is written. */
export function wikiToRuns(text: string): readonly Run[] {
  return settle(parse(text, { marks: new Set(), link: null }));
}

function parse(text: string, here: Marking): Run[] {
  const runs: Run[] = [];
  let plain = "";
  const flush = (): void => {
    if (plain !== "") runs.push({ ...here, text: plain });
    plain = "";
  };
  const marked = (mark: RunMark): Marking => ({ ...here, marks: new Set([...here.marks, mark]) });
  for (let at = 0; at < text.length; ) {
    const rest = text.slice(at);
    const found = read(rest, text[at - 1], here);
    if (found === null) {
      plain += text[at];
      at += 1;
    } else if ("plain" in found) {
      plain += found.plain;
      at += found.length;
    } else {
      flush();
      if ("mark" in found) runs.push(...parse(found.inner, marked(found.mark)));
      else runs.push(...found.runs);
      at += found.length;
    }
  }
  flush();
  return runs;
}

type Found =
  | { readonly length: number; readonly plain: string }
  | { readonly length: number; readonly mark: RunMark; readonly inner: string }
  | { readonly length: number; readonly runs: readonly Run[] };

/** What the text begins with; null for an ordinary character. */
function read(rest: string, previous: string | undefined, here: Marking): Found | null {
  const first = rest[0] ?? "";
  if (rest.startsWith("\\\\")) return { length: rest.startsWith("\\\\\n") ? 3 : 2, plain: "\n" };
  if (first === "\\" && /[\\{}[\]|!#?*_+^~☐☑-]/.test(rest[1] ?? "")) return { length: 2, plain: rest[1] ?? "" };
  const [reference, code = ""] = /^&#(\d{1,6});/.exec(rest) ?? [];
  if (reference !== undefined) return { length: reference.length, plain: String.fromCodePoint(Number(code)) };
  const [colour] = /^\{color(?::[^}\n]*)?\}/.exec(rest) ?? [];
  if (colour !== undefined) return { length: colour.length, plain: "" };
  return readCode(rest) ?? readMark(rest, previous) ?? readLink(rest, previous, here) ?? readPicture(rest, here);
}

function readCode(rest: string): Found | null {
  const [whole, inner = ""] = /^\{\{((?:\\.|[^\\\n])+?)\}\}(?!\})/.exec(rest) ?? [];
  if (whole === undefined) return null;
  const text = unescapeWiki(inner);
  return { length: whole.length, runs: [{ text, marks: new Set<RunMark>(["code"]), link: null }] };
}

function unescapeWiki(text: string): string {
  return text.replace(
    /\\([\\{}[\]|!#?*_+^~☐☑-])|&#(\d{1,6});/g,
    (_match, character?: string, code?: string) => character ?? String.fromCodePoint(Number(code)),
  );
}

function readMark(rest: string, previous: string | undefined): Found | null {
  const [brace, sign = ""] = /^\{([*_+^~-])\}/.exec(rest) ?? [];
  if (brace !== undefined) {
    const end = rest.indexOf(brace, brace.length);
    const mark = markOf[sign];
    if (end < 0 || mark === undefined) return null;
    return { length: end + brace.length, mark, inner: rest.slice(brace.length, end) };
  }
  const mark = markOf[rest[0] ?? ""];
  // Two signs in a row are a dash or a rule.
  if (mark === undefined || isWord(previous) || rest[1] === rest[0] || /^\s|^$/.test(rest.slice(1, 2))) return null;
  for (let at = 1; at < rest.length && rest[at] !== "\n"; at += 1) {
    if (rest[at] === "\\") at += 1;
    else if (rest[at] === rest[0] && at > 1 && !/\s/.test(rest[at - 1] ?? "") && !isWord(rest[at + 1])) {
      return { length: at + 1, mark, inner: rest.slice(1, at) };
    }
  }
  return null;
}

function readLink(rest: string, previous: string | undefined, here: Marking): Found | null {
  const [bare] = isWord(previous) ? [] : (/^https?:\/\/[^\s|\]{}\\]*[\w/](?![^\s|\]{}\\]*[\w/])/.exec(rest) ?? []);
  if (bare !== undefined) {
    return { length: bare.length, runs: [{ ...here, text: bare, link: here.link ?? { href: bare, title: "" } }] };
  }
  const [whole, inner = ""] = /^\[((?:\\.|[^\\\]\n])+)\]/.exec(rest) ?? [];
  if (whole === undefined) return null;
  const parts = splitBars(inner);
  const [mention] = /^~.+$/.exec(inner) ?? [];
  if (mention !== undefined) return { length: whole.length, plain: `@${mention.slice(1).replace(/^accountid:/, "")}` };
  const [label = "", target, title = ""] = parts.length === 1 ? [parts[0], parts[0]] : parts;
  const href = target?.trim() ?? "";
  if (!linkTarget.test(href) || (parts.length === 1 && !/^[a-z][a-z0-9+.-]*:/i.test(href))) return null;
  const link = { href, title: unescapeWiki(title) };
  return { length: whole.length, runs: parse(label, { ...here, link }) };
}

function splitBars(text: string): readonly string[] {
  return text.match(/(?:\\.|[^\\|])+/g) ?? [text];
}

/** A picture within a line is a link to it. */
function readPicture(rest: string, here: Marking): Found | null {
  const picture = matchPicture(rest);
  if (picture === null) return null;
  const link = /^https?:/.test(picture.url) ? { href: picture.url, title: "" } : null;
  return { length: picture.length, runs: [{ ...here, text: picture.alt || picture.url, link: here.link ?? link }] };
}

export function matchPicture(
  text: string,
): { readonly length: number; readonly url: string; readonly alt: string } | null {
  const [whole, url = "", attributes = ""] = /^!([^\s!|\\]+)(?:\|((?:\\.|[^!\\\n])*))?!/.exec(text) ?? [];
  if (whole === undefined || !/[./]/.test(url)) return null;
  const [, quoted = ""] = /(?:^|,)\s*alt="((?:\\.|[^"\\])*)"/.exec(attributes) ?? [];
  return { length: whole.length, url, alt: unescapeWiki(quoted).replaceAll("&#34;", '"') };
}
