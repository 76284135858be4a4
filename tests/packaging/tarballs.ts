import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { runCommand, succeed } from "../../scripts/run-command.ts";
import { runPnpm } from "../../scripts/run-pnpm.ts";
import { type Package, packages } from "../support/packages.ts";

export interface Tarball {
  readonly source: Package;
  /** Absolute path of the `.tgz` file. */
  readonly path: string;
  /** Absolute path of the folder that holds its contents. */
  readonly contents: string;
  /** Paths in the tarball, sorted. */
  readonly files: readonly string[];
}

/** Builds and packs every package, as publishing would, into a folder outside the repository. */
export async function packAll(folder: string): Promise<readonly Tarball[]> {
  await succeed(runCommand(process.execPath, ["scripts/build.ts"]));
  return Promise.all(packages.map((source) => packOne(source, join(folder, source.folder))));
}

async function packOne(source: Package, folder: string): Promise<Tarball> {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, "package.tgz");
  await succeed(runPnpm(["pack", "--out", path], { folder: source.folder }));
  await succeed(runCommand("tar", ["-xzf", path, "-C", folder]));
  const contents = join(folder, "package");
  const files = readdirSync(contents, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(contents.length + 1))
    .sort();
  return { source, path, contents, files };
}
