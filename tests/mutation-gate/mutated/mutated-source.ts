import { relative } from "node:path";
import type { Plugin } from "vitest/config";
import { repositoryRoot } from "../../../scripts/repository.ts";
import { patchedFiles, patchSource } from "../apply-patches.ts";
import { mechanisms } from "../mechanisms/index.ts";

/** Names the mechanism that a run of Vitest does without. */
export const mutationVariable = "BACKREF_MUTATION";

/** Takes one mechanism out of the source that Vitest loads. */
export function withoutMechanism(id: string): Plugin {
  const mechanism = mechanisms.find((candidate) => candidate.id === id);
  if (mechanism === undefined) throw new TypeError(`There is no mechanism "${id}".`);
  const files = patchedFiles(mechanism);
  return {
    name: "without-mechanism",
    enforce: "pre",
    transform(code, url) {
      const file = relative(repositoryRoot, url.split("?")[0] ?? url);
      return files.includes(file) ? { code: patchSource(code, file, mechanism), map: null } : null;
    },
  };
}
