import { fromMarkdown } from "mdast-util-from-markdown";
import { expect, test } from "vitest";
import { anchorsOf, codeBlocksOf, linksOf, type Page } from "./support/documentation.ts";

function page(...lines: readonly string[]): Page {
  return { path: "docs/guide.md", tree: fromMarkdown(lines.join("\n")) };
}

test("a block that continues belongs to the one before it, and runs if either does", () => {
  const blocks = codeBlocksOf(
    page("```ts", "const a = 1;", "```", "```sh", "ls", "```", "```ts run", "// continues", "a;", "```"),
  );
  expect(blocks).toEqual([{ place: "docs/guide.md:1", text: "const a = 1;\n\n// continues\na;\n", runs: true }]);
});

test("links lead from the folder of their page, links to the web are left out", () => {
  const links = linksOf(page("[a](../README.md#start) [b](#here)", "[c](https://example.com) ![d](picture.svg)"));
  expect(links).toEqual([
    { line: 1, path: "README.md", anchor: "start" },
    { line: 1, path: "docs/guide.md", anchor: "here" },
    { line: 2, path: "docs/picture.svg", anchor: "" },
  ]);
});

test("headings have the anchors that GitHub gives them", () => {
  expect([...anchorsOf(page("# `push` & report", "## Same", "## Same"))]).toEqual(["push--report", "same", "same-1"]);
});
