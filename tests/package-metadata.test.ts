import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { repositoryRoot } from "../scripts/repository.ts";
import { packages, readManifest } from "./support/packages.ts";
import { readTracked } from "./support/tracked-files.ts";

const root = readManifest("package.json");

describe.each(packages)("$manifest.name", ({ folder, manifest }) => {
  test("is named after its folder and described", () => {
    expect(manifest.name).toBe(`@backref/${folder.slice("packages/".length)}`);
    expect(manifest.description).toMatch(/^\S.{9,}$/);
    expect(manifest.keywords).toContain("backref");
  });

  test("states licence, module type, engine and side effects like the others", () => {
    expect(manifest).toMatchObject({
      license: "MIT",
      type: "module",
      sideEffects: false,
      engines: { node: ">=22" },
      files: ["dist", "src", "!**/*.tsbuildinfo"],
      publishConfig: { access: "public" },
    });
  });

  test("has the version of all packages", () => {
    expect(manifest.version).toBe(packages[0]?.manifest.version);
  });

  test("exports files that exist, the same ones here and when published", () => {
    const published = Object.entries(manifest.exports).map(([subpath, source]) => {
      expect(existsSync(join(repositoryRoot, folder, source)), source).toBe(true);
      const built = source.replace(/^\.\/src\//, "./dist/").replace(/\.ts$/, "");
      return [subpath, { types: `${built}.d.ts`, default: `${built}.js` }];
    });
    expect(manifest.publishConfig.exports).toEqual(Object.fromEntries(published));
    for (const conditions of Object.values(manifest.publishConfig.exports)) {
      expect(Object.keys(conditions), "types come first, or they are never reached").toEqual(["types", "default"]);
    }
  });

  test("compiles after the packages it uses", () => {
    const config: { readonly references: readonly { readonly path: string }[] } = JSON.parse(
      readTracked(`${folder}/tsconfig.json`),
    );
    const used = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })
      .filter((name) => name.startsWith("@backref/"))
      .map((name) => name.replace("@backref/", "../"));
    expect(config.references.map(({ path }) => path).sort()).toEqual(used.sort());
  });

  test("has a README that begins with its name", () => {
    const path = `${folder}/README.md`;
    expect(existsSync(join(repositoryRoot, path)), path).toBe(true);
    expect(readTracked(path).split("\n")[0]).toBe(`# ${manifest.name}`);
  });

  test("can be imported by the examples in the documentation", () => {
    expect(root.devDependencies?.[manifest.name]).toBe("workspace:*");
  });
});

test("the root README names the two commands", () => {
  expect(existsSync(join(repositoryRoot, "README.md")), "README.md").toBe(true);
  const commands = readTracked("README.md").match(/npx -y pnpm@12 [a-z]+/g) ?? [];
  expect([...new Set(commands)].sort()).toEqual(["npx -y pnpm@12 demo", "npx -y pnpm@12 test"]);
});
