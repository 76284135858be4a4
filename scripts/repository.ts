/** Where things are in this repository. */

import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Absolute, without a slash at the end. */
export const repositoryRoot: string = fileURLToPath(new URL("..", import.meta.url)).replace(/[\\/]$/, "");

/** Folders of the published packages, for example `packages/core`. */
export function packageFolders(): readonly string[] {
  return readdirSync(join(repositoryRoot, "packages"))
    .map((name) => `packages/${name}`)
    .filter((folder) => existsSync(join(repositoryRoot, folder, "package.json")))
    .sort();
}
