import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { codeBlocksOf, guides } from "../support/documentation.ts";
import type { Tarball } from "./tarballs.ts";

/** How a program gets at the packages, and the ending of a file that does it. */
export const styles = {
  import: ".ts",
  require: ".cts",
  "await import": ".async.cts",
} as const;

export type Style = keyof typeof styles;

/** The last line that the README's program writes. */
export const readmeAnswer = "synced #1 closed";

/** The first program of the root README, as it stands there. */
export function readmeProgram(): string {
  const readme = guides.find(({ path }) => path === "README.md");
  const block = readme === undefined ? undefined : codeBlocksOf(readme).find(({ runs }) => runs);
  if (block === undefined) throw new Error("README.md has no block that runs");
  return block.text;
}

/** Writes the README's program in every style, a program that loads every entry point, and one with two copies of core. */
export function writePrograms(folder: string, entryPoints: readonly string[], tarballs: readonly Tarball[]): void {
  const program = readmeProgram();
  for (const style of Object.keys(styles) as Style[]) {
    writeFileSync(join(folder, `readme${styles[style]}`), inStyle(program, style));
    const loaded = entryPoints.map((name, index) => `import * as entry${index} from "${name}";\n`);
    const counted = entryPoints.map((name, index) => `"${name}": Object.keys(entry${index}).length,\n`);
    const everyEntry = `${loaded.join("")}console.log(JSON.stringify({\n${counted.join("")}}));\n`;
    writeFileSync(join(folder, `every-entry${styles[style]}`), inStyle(everyEntry, style));
  }

  // Other copies, which find each other before those of the application, and everything else where it lies.
  for (const name of ["core", "storage-memory", "provider-github"]) {
    const tarball = tarballs.find(({ source }) => source.folder === `packages/${name}`);
    if (tarball === undefined) throw new Error(`${name} was not packed`);
    const copy = join(folder, "second/node_modules/@backref", name);
    mkdirSync(copy, { recursive: true });
    cpSync(tarball.contents, copy, { recursive: true });
  }
  const exported = ["core", "core/provider", "core/storage", "storage-memory", "provider-github"];
  const lines = exported.map((name) => `export * from "@backref/${name}";\n`);
  writeFileSync(join(folder, "second/index.ts"), lines.join(""));
  const withSecond = program.replace(/"@backref\/(storage-memory|provider-github)"/g, '"./second/index.ts"');
  writeFileSync(join(folder, "readme-two-copies.mts"), withSecond);
}

const imports = /^import (?:\* as (\w+)|(\{[^}]+\})) from ("[^"]+");\n/gm;

/** The same program without import statements. */
function inStyle(program: string, style: Style): string {
  if (style === "import") return program;
  const declarations = [...program.matchAll(imports)].map(([, whole, some, from]) => {
    return `const ${whole ?? some} = ${style}(${from});\n`;
  });
  const body = program.replace(imports, "");
  const start = `(async () => {\n${body}})();\n`;
  return style === "require"
    ? declarations.join("") + start
    : start.replace("{\n", () => `{\n${declarations.join("")}`);
}
