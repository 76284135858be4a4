import { neutraliseText, type TextRules } from "./neutral-text.ts";

/**
 * The part of an outgoing text that Backref owns: between two markers that carry the link's token. Markers are HTML
 * comments, which trackers with Markdown keep and do not show.
 */
const startOf = (token: string) => `<!-- backref:${token} -->`;
const endOf = (token: string) => `<!-- /backref:${token} -->`;

function escapeForMarkdown(text: string): string {
  return text.replace(/[\\`*_[\]<>]/g, (character) => `\\${character}`).replace(/\s+/g, " ");
}

/** The block that leads back from an issue to its defect. */
export function composeBlock(request: {
  readonly token: string;
  readonly defectId: string;
  readonly defectUrl: string | null;
  /** Files of the host's that are linked from the issue. @default none */
  readonly files?: readonly { readonly name: string; readonly url: string }[];
  readonly rules: TextRules;
}): string {
  const name = escapeForMarkdown(request.defectId);
  const target =
    request.defectUrl === null ? neutraliseText(name, request.rules) : `[${name}](${linkTarget(request.defectUrl)})`;
  const links = (request.files ?? []).map((file) => {
    const words = neutraliseText(escapeForMarkdown(file.name), request.rules);
    return `[${words}](${linkTarget(file.url)})`;
  });
  const files = links.length === 0 ? "" : `\n\nAttached: ${links.join(", ")}`;
  return `${startOf(request.token)}\n---\nLinked defect: ${target}${files}\n${endOf(request.token)}`;
}

/** An address as it stands in a block. */
export function linkTarget(url: string): string {
  return `<${url.replace(/[<>\s]/g, encodeURIComponent)}>`;
}

/** The user's part followed by the block. */
export function joinBody(userPart: string, block: string): string {
  return userPart === "" ? block : `${userPart}\n\n${block}`;
}

/**
 * Cuts every well-formed block of this token out of a body and gives back what people wrote. A block that lost one of its
 * markers belongs to the people who edited it.
 */
export function userPartOf(body: string, token: string): string {
  const start = startOf(token);
  const end = endOf(token);
  let rest = body;
  let lookFrom = 0;
  for (;;) {
    const to = rest.indexOf(end, lookFrom);
    if (to < 0) return rest;
    // The nearest start belongs to this end; an earlier one without an end of its own stands in people's text.
    const from = rest.lastIndexOf(start, to);
    if (from < 0) {
      // So does an end without a start. A block may follow all the same.
      lookFrom = to + end.length;
      continue;
    }
    const before = rest.slice(0, from).trimEnd();
    const after = rest.slice(to + end.length).trimStart();
    rest = before === "" || after === "" ? before + after : `${before}\n\n${after}`;
    lookFrom = 0;
  }
}

/** The body with this block in place of the one of the same token, or after everything where there is none. */
export function replaceBlock(body: string, token: string, block: string): string {
  const end = endOf(token);
  const to = body.indexOf(end);
  const from = to < 0 ? -1 : body.lastIndexOf(startOf(token), to);
  if (from < 0) return joinBody(body.trimEnd(), block);
  return body.slice(0, from) + block + body.slice(to + end.length);
}

/** A comment as it goes out: who wrote it, cut off again on the way in, then the text. */
export function composeComment(request: {
  readonly token: string;
  readonly authorName: string;
  readonly body: string;
  readonly rules: TextRules;
}): string {
  const author = neutraliseText(escapeForMarkdown(request.authorName), request.rules);
  return `${startOf(request.token)}\n**${author}** wrote:\n${endOf(request.token)}\n\n${request.body}`;
}

/** Tokens of ours that stand in a text, well-formed or not: they route a hint, and prove nothing. */
export function tokensIn(text: string): readonly string[] {
  return [...new Set([...text.matchAll(/<!-- backref:(br-[0-9a-z]{26}) -->/g)].flatMap((match) => match[1] ?? []))];
}
