import { describe, expect, test } from "vitest";
import { type Import, importsBelow, packageOf, packages, readManifest, show } from "./support/packages.ts";
import { readTracked, trackedFiles } from "./support/tracked-files.ts";

/** The root provides these to the tests of every package. */
const rootTools = Object.keys(readManifest("package.json").devDependencies ?? {}).filter(
  (name) => !name.startsWith("@backref/"),
);

function undeclared(imports: readonly Import[], declared: readonly string[]): readonly string[] {
  return imports
    .filter(({ specifier }) => {
      const name = packageOf(specifier);
      // A package of types alone is called by the name of what it describes.
      return name !== null && !declared.includes(name) && !declared.includes(`@types/${name}`);
    })
    .map(show);
}

describe.each(packages)("$manifest.name", ({ folder, manifest }) => {
  const runtime = [...Object.keys(manifest.dependencies ?? {}), ...Object.keys(manifest.peerDependencies ?? {})];
  const development = Object.keys(manifest.devDependencies ?? {});
  const source = importsBelow(`${folder}/src`);
  const tests = [...importsBelow(`${folder}/test`), ...importsBelow(`${folder}/bench`)];
  const namesIn = (imports: readonly Import[]) =>
    new Set(imports.flatMap(({ specifier }) => [packageOf(specifier), `@types/${packageOf(specifier)}`]));
  const used = namesIn(source);
  const usedAnywhere = namesIn([...source, ...tests]);
  const sourceText = trackedFiles()
    .filter((path) => path.startsWith(`${folder}/src/`))
    .map(readTracked)
    .join("\n");

  test("declares what its source imports", () => {
    expect(undeclared(source, runtime)).toEqual([]);
  });

  test("declares what its tests import", () => {
    expect(undeclared(tests, [manifest.name, ...runtime, ...development, ...rootTools])).toEqual([]);
  });

  test("uses every dependency", () => {
    // A package whose data files are read, not its code, is named as a string.
    expect(runtime.filter((name) => !used.has(name) && !sourceText.includes(`"${name}"`))).toEqual([]);
    expect(development.filter((name) => !usedAnywhere.has(name))).toEqual([]);
  });

  test("takes core as a caret peer", () => {
    if (manifest.name === "@backref/core") return;
    expect(manifest.peerDependencies?.["@backref/core"]).toBe("workspace:^");
    expect(Object.keys(manifest.dependencies ?? {})).not.toContain("@backref/core");
  });

  test("takes the others of the repository by caret range", () => {
    const own = Object.entries(manifest.dependencies ?? {}).filter(([name]) => name.startsWith("@backref/"));
    expect(own.filter(([, range]) => range !== "workspace:^")).toEqual([]);
  });
});
