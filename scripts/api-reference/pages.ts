import GithubSlugger from "github-slugger";
import type { Declaration } from "./declarations.ts";
import { readDocComment } from "./doc-comment.ts";
import { chaptersOf } from "./groups.ts";
import { type EntryPoint, type Reference, readReference } from "./reference.ts";
import { hasSections, type LinkTo, renderDeclaration, renderText, sectionTitles } from "./render.ts";

/** Where the generated pages are, from the root of the repository. */
export const API_FOLDER = "docs/api";

/** File name → Markdown of every page of the API reference. */
export function apiPages(): ReadonlyMap<string, string> {
  const reference = readReference();
  const anchors = new Map(reference.entries.map((entry) => [entry.specifier, anchorsOf(entry)]));
  const linksFrom =
    (here: EntryPoint): LinkTo =>
    (file, name) => {
      const target = file === null ? exportedBy(here, name) : reference.find(file, name);
      const anchor = target && anchors.get(target.specifier)?.get(target.name);
      if (target === null || anchor === undefined) return null;
      return `${target.specifier === here.specifier ? "" : pageOf(target.specifier)}#${anchor}`;
    };
  return new Map([
    ["README.md", indexPage(reference)],
    ...reference.entries.map((entry) => [pageOf(entry.specifier), entryPage(entry, linksFrom(entry))] as const),
  ]);
}

function exportedBy(
  { exports }: EntryPoint,
  name: string,
): { readonly specifier: string; readonly name: string } | null {
  const found = exports.find((one) => one.name === name);
  return found === undefined ? null : { specifier: found.describedBy, name };
}

/** `@backref/core/provider` → `core-provider.md`. */
function pageOf(specifier: string): string {
  return `${specifier.replace("@backref/", "").replaceAll("/", "-")}.md`;
}

interface PlannedChapter {
  readonly title: string | null;
  readonly items: readonly PlannedItem[];
}

interface PlannedItem {
  readonly name: string;
  readonly declaration: Declaration;
  /** Null for what is exported; else what mentions it, which it follows. */
  readonly partOf: string | null;
}

function planOf({ specifier, exports, parts }: EntryPoint): readonly PlannedChapter[] {
  const own = exports.filter(({ describedBy }) => describedBy === specifier);
  const declarations = own.map(({ declaration }) => declaration);
  const nameOf = (declaration: Declaration): string =>
    own.find((one) => one.declaration === declaration)?.name ?? declaration.name;
  const withParts = (declaration: Declaration, partOf: string | null): readonly PlannedItem[] => [
    { name: nameOf(declaration), declaration, partOf },
    ...parts.filter(({ of }) => of === declaration).flatMap((part) => withParts(part.declaration, nameOf(declaration))),
  ];
  return chaptersOf(specifier, declarations).map(({ title, declarations: members }) => ({
    title,
    items: members.flatMap((declaration) => withParts(declaration, null)),
  }));
}

/** Name → anchor, as GitHub makes them of the headings in their order. */
function anchorsOf(entry: EntryPoint): ReadonlyMap<string, string> {
  const slugger = new GithubSlugger();
  const anchors = new Map<string, string>();
  slugger.slug(entry.specifier);
  for (const { title, items } of planOf(entry)) {
    if (title !== null) slugger.slug(title);
    for (const { name, declaration } of items) {
      anchors.set(name, slugger.slug(name));
      if (hasSections(declaration))
        for (const heading of sectionTitles(declaration, name)) anchors.set(heading, slugger.slug(heading));
    }
  }
  return anchors;
}

function entryPage(entry: EntryPoint, linkTo: LinkTo): string {
  const { specifier, exports } = entry;
  const plan = planOf(entry);
  const contents = plan.map(({ title, items }) => {
    const names = items
      .filter(({ partOf }) => partOf === null)
      .map(({ name, declaration }) => `[\`${name}\`](${linkTo(declaration.file, declaration.name)})`);
    return title === null ? names.join(" · ") : `- **${title}**: ${names.join(" · ")}`;
  });
  const chapters = plan.flatMap(({ title, items }) => [
    ...(title === null ? [] : [`## ${title}`]),
    ...items.map(({ name, declaration, partOf }) =>
      renderDeclaration(declaration, { name, partOf, level: title === null ? 2 : 3 }, linkTo),
    ),
  ]);
  const elsewhere = exports
    .filter(({ describedBy }) => describedBy !== specifier)
    .map(({ name, declaration }) => `[\`${name}\`](${linkTo(declaration.file, declaration.name)})`);
  const comment = renderText(readDocComment(entry.comment).summary, (name) => linkTo(null, name));
  return `${[
    GENERATED,
    `# ${specifier}`,
    ...(comment === "" ? [] : [comment]),
    contents.join("\n"),
    ...chapters,
    ...(elsewhere.length === 0 ? [] : ["## Also exported here", elsewhere.join(" · ")]),
  ].join("\n\n")}\n`;
}

const GENERATED = "<!-- Written by `pnpm docs:api` from the source. Change the doc comments there. -->";

function indexPage({ entries }: Reference): string {
  const rows = entries.map(({ specifier, comment, exports }) => {
    const [sentence = ""] = readDocComment(comment)
      .summary.replaceAll("\n", " ")
      .split(/(?<=\.)\s/);
    return `| [\`${specifier}\`](${pageOf(specifier)}) | ${sentence} | ${exports.length} |`;
  });
  return `${[
    GENERATED,
    "# API reference",
    "Everything that the packages export, by entry point, with its TypeScript declaration. What to do with it is in the\n[guides](../README.md). A change of these pages is a change of the public surface. What each error code\nmeans and what to do about it is in [Errors](../errors.md).",
    ["| entry point | what it is | names |", "| --- | --- | --- |", ...rows].join("\n"),
  ].join("\n\n")}\n`;
}
