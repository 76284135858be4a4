import { readFileSync } from "node:fs";
import { join } from "node:path";
import { defaultLimits } from "@backref/core";
import { expect, test } from "vitest";
import { repositoryRoot } from "../scripts/repository.ts";

const page = readFileSync(join(repositoryRoot, "docs/hosting/options.md"), "utf8");

/** The cells of the rows of one table, by the name in its first column. */
function rowsBelow(heading: string): ReadonlyMap<string, readonly string[]> {
  const table = page.slice(page.indexOf(`| ${heading} `)).split("\n\n", 1)[0] ?? "";
  const rows = table.split("\n").slice(2);
  return new Map(
    rows.flatMap((row) => {
      const cells = row.split(/(?<!\\)\|/).map((cell) => cell.trim());
      return [...(cells[1] ?? "").matchAll(/`(\w+)`/g)].map(([, name = ""]) => [name, cells] as const);
    }),
  );
}

test("docs/hosting/options.md lists every limit with its default", () => {
  const written = [...rowsBelow("limit")].map(([name, cells]) => [name, cells[3]?.replace(/[`,]/g, "")]);
  const inCode = Object.entries(defaultLimits).map(([name, value]) => [name, String(value)]);
  expect(written.toSorted()).toEqual(inCode.toSorted());
});

test("docs/hosting/options.md lists every option of createBackref", () => {
  const types = readFileSync(join(repositoryRoot, "packages/core/src/backref-types.ts"), "utf8");
  const part = types.slice(0, types.indexOf("export interface BackrefFor"));
  const names = [...part.matchAll(/^ +(?:\| \{ )?readonly (\w+)\??: /gm)].map(([, name]) => name);
  expect(names.length).toBeGreaterThan(15);
  expect([...rowsBelow("option").keys()].toSorted()).toEqual([...new Set(names)].toSorted());
});
