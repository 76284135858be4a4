import { expect, test } from "vitest";
import { readDeclaration } from "../scripts/api-reference/declarations.ts";
import { readDocComment } from "../scripts/api-reference/doc-comment.ts";
import { createModules, type Modules } from "../scripts/api-reference/modules.ts";

function modulesOf(files: Readonly<Record<string, string>>): Modules {
  const entries = new Map([["@backref/core", "core/index.ts"]]);
  return createModules((path) => {
    const text = files[path];
    if (text === undefined) throw new Error(`There is no ${path}`);
    return text;
  }, entries);
}

function declarationIn(text: string, name: string) {
  return readDeclaration(modulesOf({ "a.ts": text }).read("a.ts"), name);
}

test("a name is followed through renames, stars and other packages to where it is declared", () => {
  const modules = modulesOf({
    "kit/index.ts": 'export { type Seen as Shown } from "@backref/core";\nexport * from "./rest.ts";',
    "kit/rest.ts": 'import { thing } from "node:fs";\nexport { thing };\nexport const own: number = 1;',
    "core/index.ts": 'export type { Issue as Seen } from "./issue.ts";',
    "core/issue.ts": "export interface Issue {}",
  });
  expect(modules.exportedNames("kit/index.ts")).toEqual(["Shown", "thing", "own"]);
  expect(modules.findExport("kit/index.ts", "Shown")).toEqual({ file: "core/issue.ts", name: "Issue" });
  expect(modules.findExport("kit/index.ts", "own")).toEqual({ file: "kit/rest.ts", name: "own" });
  expect(modules.findExport("kit/index.ts", "thing")).toBeNull();
});

test("bodies, private members and values that are computed stay out", () => {
  const text = `
    export class Box extends Base {
      #hidden = new Secret();
      private other: Secret;
      readonly size: number = 3;
      /** Opens it. */
      async open(key: Key): Promise<Thing> { return this.find<Secret>(key); }
    }
    export async function make(key: Key = other()): Promise<Box> { return new Box(key as Secret); }
    export const made: Box = make(secret as Secret);
    export const facts: Facts = { limitMs: 5 * 60_000, names: ["a"] };`;
  const box = declarationIn(text, "Box");
  expect(box.signature).toBe(
    "class Box extends Base {\n  readonly size: number;\n  /** Opens it. */\n  open(key: Key): Promise<Thing>;\n}",
  );
  expect(box.mentioned).toEqual(["Base", "Key", "Promise", "Thing"]);
  expect(declarationIn(text, "make").signature).toBe("function make(key: Key = other()): Promise<Box>;");
  expect(declarationIn(text, "made")).toMatchObject({ signature: "const made: Box;", mentioned: ["Box"] });
  expect(declarationIn(text, "facts").signature).toBe('const facts: Facts = { limitMs: 5 * 60_000, names: ["a"] };');
});

test("overloads are shown, and what implements them is not", () => {
  const text = "export function f(a: A): A;\nexport function f(a: B): B;\nexport function f(a: C): C { return a; }";
  const { signature, mentioned } = declarationIn(text, "f");
  expect(signature).toBe("function f(a: A): A;\nfunction f(a: B): B;");
  expect(mentioned).toEqual(["A", "B"]);
});

test("a comment belongs to what follows it directly, and that of the module to nothing", () => {
  const text =
    "/** Of the module. @packageDocumentation */\nexport type A = B;\n/** Of C. */\nexport type C = D;\n\nexport type E = F;";
  const comments = ["A", "C", "E"].map((name) => declarationIn(text, name).comment);
  expect(comments).toEqual([null, "* Of C. ", null]);
});

test("a doc comment falls into its parts, also where tags stand in a line", () => {
  const doc = readDocComment(`* Reads it: \`user@default\` is no tag.
   * Twice is fine.
   * @param request.limit most of them @default no limit
   * @returns how many
   * @throws TypeError without one
   * @example
   * \`\`\`ts
   * read();
   * \`\`\`
   `);
  expect(doc).toEqual({
    summary: "Reads it: `user@default` is no tag.\nTwice is fine.",
    parameters: [{ name: "request.limit", text: "most of them", defaultText: "no limit" }],
    returns: "how many",
    throws: ["TypeError without one"],
    defaultText: null,
    examples: ["```ts\nread();\n```"],
  });
  expect(readDocComment("* How long. @default 5_000 ")).toMatchObject({ summary: "How long.", defaultText: "5_000" });
});
