import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { repositoryRoot } from "../../scripts/repository.ts";
import { packAll, type Tarball } from "./tarballs.ts";

export interface PackedSize {
  /** For example `@backref/core`. */
  readonly name: string;
  /** What travels over the network. */
  readonly packedBytes: number;
  /** What lies on the disk. */
  readonly unpackedBytes: number;
  /** The JavaScript that is in it: what there is to load. */
  readonly codeBytes: number;
  readonly files: number;
}

export interface ImportCost {
  /** Modules that are loaded, those of dependencies too, those of Node not. */
  readonly modules: number;
  readonly bytes: number;
}

export function measureTarball({ source, path, contents, files }: Tarball): PackedSize {
  const bytesOf = (names: readonly string[]) =>
    names.reduce((sum, name) => sum + statSync(join(contents, name)).size, 0);
  return {
    name: source.manifest.name,
    packedBytes: statSync(path).size,
    unpackedBytes: bytesOf(files),
    codeBytes: bytesOf(files.filter((name) => name.endsWith(".js"))),
    files: files.length,
  };
}

/** Builds and packs every package and measures them. For benchmarks: tests measure the tarballs that they have. */
export async function measurePackages(): Promise<readonly PackedSize[]> {
  const folder = mkdtempSync(join(tmpdir(), "backref-sizes-"));
  try {
    return (await packAll(folder)).map(measureTarball);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const printer = fileURLToPath(new URL("../support/print-loaded-modules.ts", import.meta.url));

/** What importing a built package loads. `packAll` or `pnpm build` comes before. */
export function measureImport(packageFolder: string): ImportCost {
  const entry = pathToFileURL(join(repositoryRoot, packageFolder, "dist/index.js")).href;
  const output = execFileSync(process.execPath, [printer, entry], { encoding: "utf8", maxBuffer: 16 * 1024 * 1024 });
  const urls: readonly string[] = JSON.parse(output);
  const files = urls.filter((url) => url.startsWith("file:")).map((url) => fileURLToPath(url));
  return { modules: files.length, bytes: files.reduce((sum, file) => sum + readFileSync(file).byteLength, 0) };
}
