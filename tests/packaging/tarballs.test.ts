import { readFileSync } from "node:fs";
import { join } from "node:path";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { describe, expect, inject, test } from "vitest";
import { moduleReferences } from "../../scripts/module-references.ts";
import { packages } from "../support/packages.ts";
import { measureTarball } from "./measure.ts";
import { sizeLimits } from "./size-limits.ts";
import type { Tarball } from "./tarballs.ts";

describe.each(packages)("$manifest.name", ({ manifest: { name } }) => {
  const packed = (): Tarball => {
    const found = inject("tarballs").find(({ source }) => source.manifest.name === name);
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

  test("is no larger than it may be", () => {
    const limit = sizeLimits[name];
    if (limit === undefined) throw new Error(`tests/packaging/size-limits.ts does not name ${name}`);
    const { packedBytes, unpackedBytes, files } = measureTarball(packed());
    const size = { packedKilobytes: packedBytes / 1_000, unpackedKilobytes: unpackedBytes / 1_000, files };
    for (const measure of ["packedKilobytes", "unpackedKilobytes", "files"] as const) {
      expect.soft(size[measure], measure).toBeLessThanOrEqual(limit[measure]);
    }
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
