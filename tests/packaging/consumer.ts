import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { repositoryRoot } from "../../scripts/repository.ts";
import { runCommand, succeed } from "../../scripts/run-command.ts";
import { runPnpm } from "../../scripts/run-pnpm.ts";
import { readManifest } from "../support/packages.ts";
import type { Tarball } from "./tarballs.ts";

export type PackageManager = "npm" | "pnpm";

/** Installs the tarballs as an application outside the workspace would, once the packages are published. */
export async function installConsumer(
  manager: PackageManager,
  folder: string,
  tarballs: readonly Tarball[],
): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const packed = Object.fromEntries(tarballs.map(({ source, path }) => [source.manifest.name, `file:${path}`]));
  const development = { "@types/node": readManifest("package.json").devDependencies?.["@types/node"] };
  const named = [...Object.keys(packed), ...Object.keys(development)];
  const locked = Object.fromEntries([...lockedVersions()].filter(([name]) => !named.includes(name)));
  write(folder, "package.json", {
    name: "consumer",
    private: true,
    type: "module",
    dependencies: packed,
    devDependencies: development,
    ...(manager === "npm" ? { overrides: locked } : {}),
  });
  write(folder, "tsconfig.json", {
    compilerOptions: {
      target: "ES2024",
      lib: ["ES2024"],
      types: ["node"],
      module: "NodeNext",
      strict: true,
      noEmit: true,
      skipLibCheck: false,
    },
    include: ["*.ts"],
  });
  if (manager === "npm") {
    const parameters = ["install", "--prefer-offline", "--ignore-scripts", "--no-audit", "--no-fund"];
    await succeed(runCommand("npm", parameters, { folder }));
    return;
  }
  // The packages ask for each other by version; without this the registry would be asked for them.
  write(folder, "pnpm-workspace.yaml", { packages: [], overrides: { ...locked, ...packed } });
  await succeed(runPnpm(["install", "--prefer-offline", "--ignore-scripts"], { folder }));
}

/** Every entry point of every tarball, for example `@backref/core/provider`. */
export function entryPoints(tarballs: readonly Tarball[]): readonly string[] {
  return tarballs.flatMap(({ source: { manifest } }) =>
    Object.keys(manifest.exports).map((subpath) => manifest.name + subpath.slice(1)),
  );
}

/** What the repository itself was tested with, where that is one version: nothing newer comes in by a test. */
function lockedVersions(): ReadonlyMap<string, string> {
  const lock: { readonly packages: Readonly<Record<string, unknown>> } = parse(
    readFileSync(join(repositoryRoot, "pnpm-lock.yaml"), "utf8"),
  );
  const versions = new Map<string, string | null>();
  for (const id of Object.keys(lock.packages)) {
    const at = id.lastIndexOf("@");
    const name = id.slice(0, at);
    versions.set(name, versions.has(name) ? null : id.slice(at + 1));
  }
  return new Map([...versions].flatMap(([name, version]) => (version === null ? [] : [[name, version]])));
}

/** YAML files too: JSON is YAML. */
function write(folder: string, name: string, content: unknown): void {
  writeFileSync(join(folder, name), JSON.stringify(content, null, 2));
}
