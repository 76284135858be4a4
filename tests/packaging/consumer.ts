import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runPnpm } from "../../scripts/run-pnpm.ts";
import { readManifest } from "../support/packages.ts";
import { succeed, type Tarball } from "./tarballs.ts";

/** Installs the tarballs as an application outside the workspace would, once the packages are published. */
export async function installConsumer(folder: string, tarballs: readonly Tarball[]): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const packed = Object.fromEntries(tarballs.map(({ source, path }) => [source.manifest.name, `file:${path}`]));
  write(folder, "package.json", {
    name: "consumer",
    private: true,
    type: "module",
    dependencies: packed,
    devDependencies: { "@types/node": readManifest("package.json").devDependencies?.["@types/node"] },
  });
  // The packages ask for each other by version; without this the registry would be asked for them.
  const overrides = Object.entries(packed).map(([name, file]) => `  "${name}": "${file}"`);
  writeFileSync(join(folder, "pnpm-workspace.yaml"), ["packages: []", "overrides:", ...overrides, ""].join("\n"));
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
  await succeed(runPnpm(["install", "--prefer-offline", "--ignore-scripts"], { folder }));
}

/** Every entry point of every tarball, for example `@backref/core/provider`. */
export function entryPoints(tarballs: readonly Tarball[]): readonly string[] {
  return tarballs.flatMap(({ source: { manifest } }) =>
    Object.keys(manifest.exports).map((subpath) => manifest.name + subpath.slice(1)),
  );
}

function write(folder: string, name: string, content: unknown): void {
  writeFileSync(join(folder, name), JSON.stringify(content, null, 2));
}
