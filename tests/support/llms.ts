import { posix } from "node:path";
import type { Table, TableRow } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { toString as textOf } from "mdast-util-to-string";
import { gfm } from "micromark-extension-gfm";
import { visit } from "unist-util-visit";
import { packages } from "./packages.ts";
import { readTracked } from "./tracked-files.ts";

/**
 * `llms.txt` as its convention has it: a title, a sentence, then lists of links with what is behind each. Made of the index
 * in `docs/README.md` and of what the packages say about themselves.
 */
export function contentsForPrograms(): string {
  const pages = indexRows().flatMap((row) => {
    const [name, purpose] = row.children;
    const link = name?.children.find((node) => node.type === "link");
    if (name === undefined || purpose === undefined || link === undefined) return [];
    return [entry(textOf(name), posix.join("docs", link.url), textOf(purpose))];
  });
  const published = packages.map(({ folder, manifest }) =>
    entry(manifest.name, `${folder}/README.md`, manifest.description ?? ""),
  );
  return `${[
    "# Backref",
    "> An embeddable TypeScript library that links test objects and defects to issues in any tracker, pushes defects there as new issues, and keeps both sides in step.",
    "Packages are ES modules for Node 22 or newer; `require` loads them too. Every block of code in the README and in `docs` compiles, and those marked `ts run` run.",
    "## Start",
    [
      entry("README", "README.md", "the main job in one program, the packages, what is promised"),
      entry("Five minutes", "docs/README.md", "a program that needs no account and no network, step by step"),
    ].join("\n"),
    "## Documentation",
    pages.join("\n"),
    "## Packages",
    published.join("\n"),
    "## Optional",
    [
      entry("Changelog", "CHANGELOG.md", "what each version brought"),
      entry("Contributing", "CONTRIBUTING.md", "commands, where things are, how we write and test"),
      entry("Security", "SECURITY.md", "how to report a weakness, which versions are mended"),
    ].join("\n"),
  ].join("\n\n")}\n`;
}

const entry = (name: string, path: string, purpose: string) => `- [${name}](${path}): ${purpose}`;

/** Rows of the first table of `docs/README.md`. */
function indexRows(): readonly TableRow[] {
  const options = { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] };
  let index: Table | undefined;
  visit(fromMarkdown(readTracked("docs/README.md"), options), "table", (table) => {
    index ??= table;
  });
  return index?.children.slice(1) ?? [];
}
