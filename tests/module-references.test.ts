import { expect, test } from "vitest";
import { moduleReferences } from "../scripts/module-references.ts";

function specifiersIn(text: string): readonly string[] {
  return moduleReferences("example.ts", text).map(({ specifier }) => specifier);
}

test.each([
  ["an import", 'import { a } from "x";'],
  ["an import of types", 'import type { A } from "x";'],
  ["an import for its effects", 'import "x";'],
  ["an export", 'export { a } from "x";'],
  ["an export of types", 'export type * from "x";'],
  ["an import on first use", 'const load = () => import("x");'],
  ["a type in place", 'let a: import("x").A;'],
  ["a resolved path", 'import.meta.resolve("x");'],
])("%s names a module", (_what, text) => {
  expect(specifiersIn(text)).toEqual(["x"]);
});

test("text that only looks like an import names none", () => {
  expect(specifiersIn('// import "x";\nconst a = `import "x"`;')).toEqual([]);
});

test("a reference knows its line and the place of its specifier", () => {
  const text = '\nimport { a } from "./a.ts";\n';
  const [reference] = moduleReferences("example.ts", text);
  expect(reference?.line).toBe(2);
  expect(text.slice(reference?.start, reference?.end)).toBe('"./a.ts"');
});

test("text that does not parse is an error", () => {
  expect(() => moduleReferences("example.ts", "import {")).toThrow("example.ts");
});
