import { readFileSync } from "node:fs";
import { join } from "node:path";
import { moduleReferences } from "../../scripts/module-references.ts";
import { packageFolders, repositoryRoot } from "../../scripts/repository.ts";
import { readTracked, trackedFiles } from "./tracked-files.ts";

type Dependencies = Readonly<Record<string, string>>;

/** The fields of a `package.json` that the tests read. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly description?: string;
  readonly license?: string;
  readonly type?: string;
  readonly sideEffects?: boolean;
  readonly keywords?: readonly string[];
  readonly engines?: { readonly node?: string };
  readonly files?: readonly string[];
  readonly exports: Readonly<Record<string, string>>;
  readonly publishConfig: {
    readonly access: string;
    readonly exports: Readonly<Record<string, { readonly types: string; readonly default: string }>>;
  };
  readonly dependencies?: Dependencies;
  readonly peerDependencies?: Dependencies;
  readonly devDependencies?: Dependencies;
}

export interface Package {
  /** For example `packages/core`. */
  readonly folder: string;
  readonly manifest: Manifest;
}

/** One place where a file of the repository names another module. */
export interface Import {
  /** Path of the importing file from the root of the repository. */
  readonly from: string;
  readonly line: number;
  readonly specifier: string;
}

export const packages: readonly Package[] = packageFolders().map((folder) => ({
  folder,
  manifest: readManifest(`${folder}/package.json`),
}));

export function readManifest(path: string): Manifest {
  return JSON.parse(readFileSync(join(repositoryRoot, path), "utf8"));
}

export function packageNamed(name: string): Package {
  const found = packages.find(({ manifest }) => manifest.name === name);
  if (found === undefined) throw new Error(`There is no package ${name}`);
  return found;
}

/** Everything that the TypeScript files below a folder import, types included. */
export function importsBelow(folder: string): readonly Import[] {
  return trackedFiles()
    .filter((path) => path.startsWith(`${folder}/`) && path.endsWith(".ts"))
    .flatMap((from) =>
      moduleReferences(from, readTracked(from)).map(({ specifier, line }) => ({ from, line, specifier })),
    );
}

export function isRelative(specifier: string): boolean {
  return specifier.startsWith("./") || specifier.startsWith("../");
}

/** `@scope/name` or `name` of a bare specifier; null for relative ones and for Node's own modules. */
export function packageOf(specifier: string): string | null {
  if (isRelative(specifier) || specifier.startsWith("node:")) return null;
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}

/** How a violation is shown: file, line and what it imports. */
export function show({ from, line, specifier }: Import): string {
  return `${from}:${line} imports ${specifier}`;
}
