import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { moduleReferences } from "../../scripts/module-references.ts";
import { repositoryRoot } from "../../scripts/repository.ts";
import { runCommand } from "../../scripts/run-command.ts";
import { packages } from "../support/packages.ts";
import { entryPoints, installConsumer } from "./consumer.ts";
import { packAll, succeed, type Tarball } from "./tarballs.ts";

const folder = mkdtempSync(join(tmpdir(), "backref-packaging-"));
let tarballs: readonly Tarball[];

beforeAll(async () => {
  tarballs = await packAll(folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(packages)("$manifest.name", ({ manifest: { name } }) => {
  const packed = (): Tarball => {
    const found = tarballs.find(({ source }) => source.manifest.name === name);
    if (found === undefined) throw new Error(`${name} was not packed`);
    return found;
  };

  test("holds its build, its source, README and licence, and nothing else", () => {
    const { files } = packed();
    expect(files).toEqual(expect.arrayContaining(["LICENSE", "README.md", "package.json"]));
    const built = /^dist\/.*\.(js|d\.ts|js\.map|d\.ts\.map)$/;
    const source = /^src\/.*(?<!\.test)\.ts$/;
    const other = files.filter((path) => !built.test(path) && !source.test(path));
    expect(other).toEqual(["LICENSE", "README.md", "package.json"]);
  });

  test("carries no secret", () => {
    const { contents, files } = packed();
    const secret =
      /\b(gh[pousr]_[A-Za-z0-9]{36}|github_pat_\w{60,}|npm_[A-Za-z0-9]{36})\b|-----BEGIN [A-Z ]*PRIVATE KEY/;
    expect(files.filter((path) => secret.test(readFileSync(join(contents, path), "utf8")))).toEqual([]);
  });

  test("needs nothing from the workspace", () => {
    expect(readFileSync(join(packed().contents, "package.json"), "utf8")).not.toMatch(/workspace:|catalog:/);
  });

  test("names emitted files where it imports its own", () => {
    const { contents, files } = packed();
    const wrong = files
      .filter((path) => /^dist\/.*\.(js|d\.ts)$/.test(path))
      .flatMap((path) =>
        moduleReferences(path, readFileSync(join(contents, path), "utf8"))
          .filter(({ specifier }) => specifier.startsWith(".") && !specifier.endsWith(".js"))
          .map(({ specifier, line }) => `${path}:${line} imports ${specifier}`),
      );
    expect(wrong).toEqual([]);
  });

  test("passes publint", async () => {
    const tarball = new Uint8Array(readFileSync(packed().path)).buffer;
    const { messages, pkg } = await publint({ pack: { tarball }, strict: true });
    expect(messages.map((message) => formatMessage(message, pkg, { color: false }))).toEqual([]);
  });

  test("has types that TypeScript finds wherever ES modules are resolved", async () => {
    const result = await checkPackage(createPackageFromTarballData(readFileSync(packed().path)));
    if (result.types === false) throw new Error("No types");
    // ES modules only: `require` and resolution from before `exports` are not served.
    const served = result.problems.filter(
      (problem) => !("resolutionKind" in problem && ["node10", "node16-cjs"].includes(problem.resolutionKind)),
    );
    expect(served).toEqual([]);
  });
});

describe("an application outside the workspace", () => {
  const consumer = join(folder, "consumer");

  beforeAll(async () => {
    await installConsumer(consumer, tarballs);
    const imports = entryPoints(tarballs).map((name, index) => `import * as entry${index} from "${name}";`);
    const entries = entryPoints(tarballs).map((name, index) => `  "${name}": Object.keys(entry${index}).length,`);
    const program = [...imports, "console.log(JSON.stringify({", ...entries, "}));", ""];
    writeFileSync(join(consumer, "every-entry.ts"), program.join("\n"));
    cpSync(fileURLToPath(new URL("program", import.meta.url)), consumer, { recursive: true });
  });

  test("compiles against the published types", async () => {
    const compiler = join(repositoryRoot, "node_modules/typescript/bin/tsc");
    await succeed(runCommand(process.execPath, [compiler, "-p", consumer, "--pretty", "false"]));
  });

  test("loads every entry point", async () => {
    const output = await succeed(runCommand(process.execPath, ["every-entry.ts"], { folder: consumer }));
    const exported: Readonly<Record<string, number>> = JSON.parse(output);
    expect(Object.entries(exported).filter(([, count]) => count === 0)).toEqual([]);
  });

  test("starts and lists its providers", async () => {
    const output = await succeed(runCommand(process.execPath, ["use-backref.ts"], { folder: consumer }));
    expect(output.trim()).toBe("providers: github");
  });
});
