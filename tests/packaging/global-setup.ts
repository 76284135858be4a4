import { cpSync, mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { TestProject } from "vitest/node";
import { entryPoints, installConsumer, type PackageManager } from "./consumer.ts";
import { writePrograms } from "./programs.ts";
import { packAll, type Tarball } from "./tarballs.ts";

declare module "vitest" {
  interface ProvidedContext {
    readonly tarballs: readonly Tarball[];
    /** Folders of two applications that have installed the tarballs, and hold the programs to run. */
    readonly consumers: Readonly<Record<PackageManager, string>>;
  }
}

const folder = mkdtempSync(join(tmpdir(), "backref-packaging-"));

/** Builds, packs and installs once for all files. */
export async function setup(project: TestProject): Promise<void> {
  const tarballs = await packAll(folder);
  const consumers = { npm: join(folder, "npm"), pnpm: join(folder, "pnpm") };
  const installed = async (manager: PackageManager) => {
    await installConsumer(manager, consumers[manager], tarballs);
    writePrograms(consumers[manager], entryPoints(tarballs), tarballs);
    cpSync(fileURLToPath(new URL("program", import.meta.url)), consumers[manager], { recursive: true });
  };
  await Promise.all([installed("npm"), installed("pnpm")]);
  project.provide("tarballs", tarballs);
  project.provide("consumers", consumers);
}

/** Leaves the process free meanwhile: it has workers to end. */
export async function teardown(): Promise<void> {
  await rm(folder, { recursive: true, force: true });
}
