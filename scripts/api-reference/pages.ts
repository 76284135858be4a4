import GithubSlugger from "github-slugger";
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
    (here: string): LinkTo =>
    (file, name) => {
      const target = reference.find(file, name);
      const anchor = target && anchors.get(target.specifier)?.get(target.name);
      if (target === null || anchor === undefined) return null;
      return `${target.specifier === here ? "" : pageOf(target.specifier)}#${anchor}`;
    };
  return new Map([
    ["README.md", indexPage(reference)],
    ...reference.entries.map(
      (entry) => [pageOf(entry.specifier), entryPage(entry, linksFrom(entry.specifier))] as const,
    ),
  ]);
}

/** `@backref/core/provider` → `core-provider.md`. */
function pageOf(specifier: string): string {
  return `${specifier.replace("@backref/", "").replaceAll("/", "-")}.md`;
}

const PARTS_TITLE = "Parts of the above";
const ELSEWHERE_TITLE = "Also exported here";

interface PlannedChapter {
  readonly title: string | null;
  readonly items: readonly { readonly name: string; readonly declaration: EntryPoint["parts"][number] }[];
}

function planOf({ specifier, exports, parts }: EntryPoint): readonly PlannedChapter[] {
  const own = exports.filter(({ describedBy }) => describedBy === specifier);
  const chapters = chaptersOf(
    specifier,
    own.map(({ declaration }) => declaration),
  ).map(({ title, declarations }) => ({
    title,
    items: declarations.map((declaration) => ({
      name: own.find((one) => one.declaration === declaration)?.name ?? declaration.name,
      declaration,
    })),
  }));
  const items = parts.map((declaration) => ({ name: declaration.name, declaration }));
  return parts.length === 0 ? chapters : [...chapters, { title: PARTS_TITLE, items }];
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
  const { specifier, module, exports } = entry;
  const plan = planOf(entry);
  const contents = plan.map(({ title, items }) => {
    const names = items.map(({ name, declaration }) => `[\`${name}\`](${linkTo(declaration.file, declaration.name)})`);
    return title === null ? names.join(" · ") : `- **${title}**: ${names.join(" · ")}`;
  });
  const chapters = plan.flatMap(({ title, items }) => [
    ...(title === null ? [] : [`## ${title}`]),
    ...(title === PARTS_TITLE ? ["Not exported by name; what is exported is made of them."] : []),
    ...items.map(({ name, declaration }) => renderDeclaration(declaration, name, linkTo, title === null ? 2 : 3)),
  ]);
  const elsewhere = exports
    .filter(({ describedBy }) => describedBy !== specifier)
    .map(({ name, declaration }) => `[\`${name}\`](${linkTo(declaration.file, declaration.name)})`);
  const comment = renderText(readDocComment(entry.comment).summary, (name) => linkTo(module, name));
  return `${[
    GENERATED,
    `# ${specifier}`,
    ...(comment === "" ? [] : [comment]),
    contents.join("\n"),
    ...chapters,
    ...(elsewhere.length === 0 ? [] : [`## ${ELSEWHERE_TITLE}`, elsewhere.join(" · ")]),
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
    "Everything that the packages export, by entry point, with its TypeScript declaration. What to do with it is in the\n[guides](../README.md). A change of these pages is a change of the public surface.",
    ["| entry point | what it is | names |", "| --- | --- | --- |", ...rows].join("\n"),
  ].join("\n\n")}\n`;
}
