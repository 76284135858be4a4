import { describe, expect, test } from "vitest";
import { importsBelow, packageNamed, packageOf, packages, show } from "./support/packages.ts";

const CONTRACTS = ["@backref/core/provider", "@backref/core/storage"];

/** What the source of a package may import from the others; every plugin may import the contracts. */
const ALSO_ALLOWED: Readonly<Record<string, readonly string[]>> = {
  "@backref/core": [],
  "@backref/opentelemetry": ["@backref/core"],
  "@backref/testing": ["@backref/core"],
};

/** What of the repository stands beside the packages, for no package's users. */
const SHARED_WITH = [
  { below: "bench", paths: ["scripts/figure.ts", "tests/request-floors/", "tests/packaging/"] },
  { below: "test", paths: ["tests/support/"] },
] as const;

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

  test("has no relative import that leaves the package, but for what its tests and benchmarks share with others", () => {
    const outside = importsBelow(folder).filter(({ from, specifier }) => {
      if (!specifier.startsWith("../")) return false;
      const { pathname } = new URL(specifier, `file:///${from}`);
      const shared = SHARED_WITH.find(({ below }) => from.startsWith(`${folder}/${below}/`))?.paths ?? [];
      return !pathname.startsWith(`/${folder}/`) && !shared.some((path) => pathname.startsWith(`/${path}`));
    });
    expect(outside.map(show)).toEqual([]);
  });
});
