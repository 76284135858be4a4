import { describe, expect, test } from "vitest";
import { importsBelow, packageNamed, packageOf, packages, show } from "./support/packages.ts";

const CONTRACTS = ["@backref/core/provider", "@backref/core/storage"];

/** What the source of a package may import from the others; every plugin may import the contracts. */
const ALSO_ALLOWED: Readonly<Record<string, readonly string[]>> = {
  "@backref/core": [],
  "@backref/opentelemetry": ["@backref/core"],
  "@backref/testing": ["@backref/core"],
};

const sharedByTests = ["/tests/support/contracts.ts", "/tests/support/settle.ts"];

function allowedFor(name: string): readonly string[] {
  if (name === "@backref/core") return [];
  const kit =
    name.startsWith("@backref/provider-") && name !== "@backref/provider-kit" ? ["@backref/provider-kit"] : [];
  return [...CONTRACTS, ...kit, ...(ALSO_ALLOWED[name] ?? [])];
}

describe.each(packages)("$manifest.name", ({ folder, manifest }) => {
  const ofTheRepository = importsBelow(`${folder}/src`).filter(({ specifier }) => specifier.startsWith("@backref/"));

  test("imports only what its place in the design allows", () => {
    const allowed = allowedFor(manifest.name);
    const own = ofTheRepository.filter(({ specifier }) => packageOf(specifier) === manifest.name);
    expect(own.map(show), "a package imports itself by relative paths").toEqual([]);
    expect(ofTheRepository.filter(({ specifier }) => !allowed.includes(specifier)).map(show)).toEqual([]);
  });

  test("reaches other packages through their exports only", () => {
    const all = [...importsBelow(`${folder}/src`), ...importsBelow(`${folder}/test`)];
    const hidden = all.filter(({ specifier }) => {
      if (!specifier.startsWith("@backref/")) return false;
      const name = specifier.split("/").slice(0, 2).join("/");
      return packageNamed(name).manifest.exports[`.${specifier.slice(name.length)}`] === undefined;
    });
    expect(hidden.map(show)).toEqual([]);
  });

  test("has no relative import that leaves the package", () => {
    const outside = importsBelow(folder).filter(({ from, specifier }) => {
      if (!specifier.startsWith("../")) return false;
      const ofTheRepository = ["../../../scripts/figure.ts", "../../../tests/request-floors/"];
      const isBenchmark =
        from.startsWith(`${folder}/bench/`) && ofTheRepository.some((path) => specifier.startsWith(path));
      const { pathname } = new URL(specifier, `file:///${from}`);
      // Tests are not packed, and what the tests of several packages need stands once.
      const isShared = from.startsWith(`${folder}/test/`) && sharedByTests.includes(pathname);
      return !isBenchmark && !isShared && !pathname.startsWith(`/${folder}/`);
    });
    expect(outside.map(show)).toEqual([]);
  });
});
