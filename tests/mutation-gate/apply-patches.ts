import { readFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { repositoryRoot } from "../../scripts/repository.ts";
import type { Mechanism } from "./mechanism.ts";

/** The files a mechanism is patched in, each once. */
export function patchedFiles({ patches }: Mechanism): readonly string[] {
  return [...new Set(patches.map(({ file }) => file))];
}

/**
 * The source of one file without the mechanism. Pure.
 * @param file path from the root of the repository; patches of other files are left alone
 */
export function patchSource(source: string, file: string, { id, patches }: Mechanism): string {
  return patches
    .filter((patch) => patch.file === file)
    .reduce((text, { find, replace }) => {
      const parts = text.split(find);
      const [before, after] = parts;
      if (parts.length !== 2 || before === undefined || after === undefined) {
        throw new Error(
          `Mechanism "${id}": its text has to be in ${file} once, but was found ${parts.length - 1} times: ${find}`,
        );
      }
      return before + replace + after;
    }, source);
}

export interface InstalledPatches {
  /** Those patched files that have been loaded so far, in that order. */
  loaded(): readonly string[];
}

/**
 * Takes a mechanism out of every module that this thread loads from now on; modules that are loaded already stay as they
 * are. The patched text is TypeScript still, and Node strips its types as it would have done with the original.
 */
export function installPatches(mechanism: Mechanism): InstalledPatches {
  const patched = new Map(
    patchedFiles(mechanism).map((file) => {
      const path = join(repositoryRoot, file);
      const source = patchSource(readFileSync(path, "utf8"), file, mechanism);
      return [pathToFileURL(path).href, { file, source }];
    }),
  );
  const loaded = new Set<string>();
  registerHooks({
    load(url, context, nextLoad) {
      const entry = patched.get(url);
      if (entry === undefined) return nextLoad(url, context);
      loaded.add(entry.file);
      return { ...nextLoad(url, context), source: entry.source };
    },
  });
  return { loaded: () => [...loaded] };
}
