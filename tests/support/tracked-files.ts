import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { repositoryRoot } from "../../scripts/repository.ts";

/** Paths of all files that are, or with the next `git add` would be, in the repository. */
export function trackedFiles(): readonly string[] {
  const listing = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    cwd: repositoryRoot,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  return [...new Set(listing.split("\0"))]
    .filter((path) => path !== "" && existsSync(join(repositoryRoot, path)))
    .sort();
}

export function readTracked(path: string): string {
  return readFileSync(join(repositoryRoot, path), "utf8");
}
