import type { Declaration, Member } from "./declarations.ts";
import { type DocComment, readDocComment } from "./doc-comment.ts";
import { blockText, commented } from "./signatures.ts";

/**
 * Address of what a name means in a file, or without one of what the page's entry point exports under it; null for what
 * the reference does not describe.
 */
export type LinkTo = (file: string | null, name: string) => string | null;

/** From this many methods on, each has a heading of its own; so has one with an example. */
const METHODS_WITH_SECTIONS = 3;

export function hasSections({ kind, members }: Declaration): boolean {
  const methods = members.filter(({ isMethod }) => isMethod);
  const hasExample = methods.some(({ comment }) => comment?.includes("@example"));
  return kind === "interface" && (hasExample || methods.length >= METHODS_WITH_SECTIONS);
}

/** Headings of an interface's methods, overloads once: `DefectsService.report`. */
export function sectionTitles(declaration: Declaration, name: string): readonly string[] {
  return [...methodsOf(declaration).keys()].map((method) => `${name}.${method}`);
}

/**
 * A heading, what the declaration is for, its TypeScript, and what else is to be known.
 * @param heading.partOf what is made of it, where it is not exported itself
 * @param heading.level 1 for a page's title
 */
export function renderDeclaration(
  declaration: Declaration,
  { name, partOf, level }: { readonly name: string; readonly partOf: string | null; readonly level: number },
  linkTo: LinkTo,
): string {
  const { file, comment, mentioned, signature } = declaration;
  const link: Link = (word) => (word === declaration.name ? null : linkTo(file, word));
  const textLink: Link = (word) => link(word) ?? (word === name ? null : linkTo(null, word));
  const parts = [`${"#".repeat(level)} ${name}`];
  if (partOf !== null) parts.push(`Not exported by itself; part of \`${partOf}\`.`);
  const doc = comment === null ? null : readDocComment(comment);
  if (doc !== null) parts.push(...summaryOf(doc, textLink));
  parts.push(fenced(hasSections(declaration) ? outlineOf(declaration) : signature));
  if (doc !== null) parts.push(...detailsOf(doc, textLink));
  const types = mentioned.flatMap((word) => {
    const address = link(word);
    return address === null ? [] : [`[\`${word}\`](${address})`];
  });
  if (types.length > 0) parts.push(`Types: ${types.join(" · ")}`);
  if (hasSections(declaration)) parts.push(...renderMethods(declaration, name, textLink, level + 1));
  return parts.join("\n\n");
}

/** What has no heading of its own. */
function outlineOf({ head, members }: Declaration): string {
  const properties = members.filter(({ isMethod }) => !isMethod);
  if (properties.length === 0) return head;
  return blockText(
    head,
    properties.map(({ comment, signature }) => commented(comment, signature)),
  );
}

function methodsOf({ members }: Declaration): ReadonlyMap<string, readonly Member[]> {
  return Map.groupBy(
    members.filter(({ isMethod }) => isMethod),
    ({ name }) => name,
  );
}

function renderMethods(declaration: Declaration, name: string, link: Link, level: number): readonly string[] {
  return [...methodsOf(declaration)].flatMap(([method, overloads]) => {
    const comment = overloads.find((one) => one.comment !== null)?.comment ?? null;
    const doc = comment === null ? null : readDocComment(comment);
    return [
      `${"#".repeat(level)} ${name}.${method}`,
      ...(doc === null ? [] : summaryOf(doc, link)),
      fenced(overloads.map(({ signature }) => signature).join("\n")),
      ...(doc === null ? [] : detailsOf(doc, link)),
    ];
  });
}

type Link = (word: string) => string | null;

function summaryOf({ summary, defaultText }: DocComment, link: Link): readonly string[] {
  const text = renderText(summary, link);
  const value = defaultText === null ? "" : `Default: ${renderText(defaultText, link)}.`;
  return [[text, value].filter((part) => part !== "").join(" ")].filter((part) => part !== "");
}

function detailsOf({ parameters, returns, throws, examples }: DocComment, link: Link): readonly string[] {
  const items = parameters.map(({ name, text, defaultText }) => {
    const value = defaultText === null ? "" : `. Default: ${renderText(defaultText, link)}`;
    return `- \`${name}\`: ${renderText(text.replace(/\.$/, ""), link)}${value}`;
  });
  return [
    ...(items.length === 0 ? [] : [items.join("\n")]),
    ...(returns === null ? [] : [`**Returns** ${renderText(returns, link)}`]),
    ...throws.map((text) => `**Throws** ${renderText(text.replace(/^\w*Error\b/, "`$&`"), link)}`),
    ...examples,
  ];
}

/** A name in backticks that the reference describes becomes a link to it. */
export function renderText(text: string, link: Link): string {
  return text.replace(/(?<![[`])`([A-Za-z]\w*)`(?!`)/g, (code, name: string) => {
    const address = link(name);
    return address === null ? code : `[${code}](${address})`;
  });
}

function fenced(signature: string): string {
  return `\`\`\`typescript\n${signature}\n\`\`\``;
}
