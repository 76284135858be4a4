import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { readChangesets } from "@changesets/read";
import { runCommand, succeed } from "../run-command.ts";
import { changelogSection, withSection } from "./changelog.ts";

/** The program of the changesets package, which exports no path to it. */
const changesetProgram = join(createRequire(import.meta.url).resolve("@changesets/cli/package.json"), "../bin.js");

/**
 * Uses up the changes that wait in `.changeset`: every package gets the next version, and the changelog its section.
 *
 * @param folder root of the repository
 * @returns the version
 * @throws Error where nothing waits
 */
export async function makeVersion(folder: string): Promise<string> {
  const changes = await readChangesets(folder);
  if (changes.length === 0) throw new Error("No change waits for a release: `npx -y pnpm@12 changeset` records one.");
  await succeed(runCommand(process.execPath, [changesetProgram, "version"], { folder }));
  const core: { readonly version: string } = JSON.parse(
    readFileSync(join(folder, "packages/core/package.json"), "utf8"),
  );
  const changelog = join(folder, "CHANGELOG.md");
  writeFileSync(changelog, withSection(readFileSync(changelog, "utf8"), changelogSection(core.version, changes)));
  return core.version;
}
