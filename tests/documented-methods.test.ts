import { actionTable, methodActions } from "@backref/core";
import type { InlineCode } from "mdast";
import { visit } from "unist-util-visit";
import { expect, test } from "vitest";
import { guides } from "./support/documentation.ts";

const known = new Set([
  ...Object.entries(methodActions).flatMap(([service, actions]) =>
    Object.keys(actions).map((method) => `${service}.${method}`),
  ),
  // Actions are written alike.
  ...Object.keys(actionTable),
]);
const named = new RegExp(`(?<![\\w.])(?:${Object.keys(methodActions).join("|")})\\.[a-z]\\w*`, "g");

/** Decisions and the page for plugins speak of other things by such names. */
const pages = guides.filter(({ path }) => !/decisions\/|write-a-provider/.test(path));

/** Compiled blocks are held by the compiler; this is for the names in sentences and tables. */
test.each(pages)("$path names only methods that there are", ({ path, tree }) => {
  const unknown: string[] = [];
  visit(tree, "inlineCode", ({ value, position }: InlineCode) => {
    for (const [name] of value.matchAll(named)) {
      if (!known.has(name)) unknown.push(`${path}:${position?.start.line} ${name}`);
    }
  });
  expect(unknown).toEqual([]);
});
