import { readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { packageFolders, repositoryRoot } from "../repository.ts";
import { type Declaration, readDeclaration } from "./declarations.ts";
import { createModules, type Modules, type Place } from "./modules.ts";

/** One thing that users can import from, for example `@backref/core/provider`. */
export interface EntryPoint {
  readonly specifier: string;
  /** Path of its module from the root of the repository. */
  readonly module: string;
  /** Its module's doc comment, Markdown; empty where there is none. */
  readonly comment: string;
  /** Exported under a name; what several entry points export is described by one of them. */
  readonly exports: readonly ExportedName[];
  readonly parts: readonly Part[];
}

/** A declaration that is not exported and that what is described here is made of. */
export interface Part {
  readonly declaration: Declaration;
  /** What mentions it first. */
  readonly of: Declaration;
}

export interface ExportedName {
  readonly name: string;
  readonly declaration: Declaration;
  /** Specifier of the entry point that describes it. */
  readonly describedBy: string;
}

export interface Reference {
  readonly entries: readonly EntryPoint[];
  /** The exported name or part that a name means in a file, and where it is described. */
  find(file: string, name: string): { readonly specifier: string; readonly name: string } | null;
}

/** The whole public surface of the published packages, read from their source. */
export function readReference(): Reference {
  const paths = entryPaths();
  const modules = createModules((path) => readFileSync(join(repositoryRoot, path), "utf8"), paths);
  const exported = [...paths].map(([specifier, module]) => ({ specifier, module, places: placesOf(module, modules) }));

  const homes = new Map<string, { specifier: string; name: string; module: string }>();
  for (const { specifier, module, places } of exported)
    for (const [name, place] of places) {
      const present = homes.get(keyOf(place));
      if (present === undefined || isNearer(module, present.module, place.file))
        homes.set(keyOf(place), { specifier, name, module });
    }

  const declarations = new Map<string, Declaration>();
  const read = (place: Place): Declaration => {
    const found = declarations.get(keyOf(place)) ?? readDeclaration(modules.read(place.file), place.name);
    declarations.set(keyOf(place), found);
    return found;
  };

  /** Adds what a declaration is made of and nobody exports. */
  const collectParts = (declaration: Declaration, specifier: string, module: string, parts: Part[]): void => {
    for (const name of declaration.mentioned) {
      const place = modules.findName(declaration.file, name);
      if (place === null || homes.has(keyOf(place))) continue;
      homes.set(keyOf(place), { specifier, name: place.name, module });
      parts.push({ declaration: read(place), of: declaration });
      collectParts(read(place), specifier, module, parts);
    }
  };

  const entries = exported.map(({ specifier, module, places }): EntryPoint => {
    const exports = [...places].map(([name, place]) => ({
      name,
      declaration: read(place),
      describedBy: homes.get(keyOf(place))?.specifier ?? specifier,
    }));
    const parts: Part[] = [];
    for (const { declaration, describedBy } of exports)
      if (describedBy === specifier) collectParts(declaration, specifier, module, parts);
    return { specifier, module, comment: moduleComment(module, modules), exports, parts };
  });

  const find: Reference["find"] = (file, name) => {
    const place = modules.findName(file, name);
    return place === null ? null : (homes.get(keyOf(place)) ?? null);
  };
  return { entries, find };
}

/** Specifier → module of each entry point, by the packages' `exports`. */
function entryPaths(): ReadonlyMap<string, string> {
  return new Map(
    packageFolders().flatMap((folder) => {
      const manifest = JSON.parse(readFileSync(join(repositoryRoot, folder, "package.json"), "utf8")) as {
        readonly name: string;
        readonly exports: Readonly<Record<string, string>>;
      };
      return Object.entries(manifest.exports)
        .filter(([, path]) => path.endsWith(".ts"))
        .map(([subpath, path]) => [posix.join(manifest.name, subpath), posix.join(folder, path)] as const);
    }),
  );
}

function placesOf(module: string, modules: Modules): ReadonlyMap<string, Place> {
  const places = new Map<string, Place>();
  for (const name of modules.exportedNames(module)) {
    const place = modules.findExport(module, name);
    if (place !== null) places.set(name, place);
  }
  return places;
}

function keyOf({ file, name }: Place): string {
  return `${file}#${name}`;
}

/** The entry point that shares the longest folder with a declaration describes it. */
function isNearer(module: string, than: string, file: string): boolean {
  return sharedFolders(module, file) > sharedFolders(than, file);
}

function sharedFolders(module: string, file: string): number {
  const folders = posix.dirname(file).split("/");
  const own = posix.dirname(module).split("/");
  return own.every((folder, index) => folder === folders[index]) ? own.length : 0;
}

function moduleComment(module: string, modules: Modules): string {
  const comment = modules.read(module).comments.find(({ value }) => value.includes("@packageDocumentation"));
  return comment?.value ?? "";
}
