/**
 * `pnpm release`: builds, packs and publishes every package whose version the registry does not have, with provenance.
 * Run by the workflow `release`, for a tag. `--dry-run` publishes nothing.
 *
 * Packed by pnpm, which writes what `publishConfig` says into the packed `package.json`; published by npm, which signs
 * in as a trusted publisher by itself.
 */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { packAll } from "../tests/packaging/tarballs.ts";
import { packages } from "../tests/support/packages.ts";
import { checkTag, originOf } from "./release/origin.ts";
import { inPublishingOrder } from "./release/publishing-order.ts";
import { repositoryRoot } from "./repository.ts";
import { runCommand, succeed } from "./run-command.ts";

const { values } = parseArgs({
  args: process.argv.slice(2).filter((parameter) => parameter !== "--"),
  options: { "dry-run": { type: "boolean", default: false } },
});

for (const { folder, manifest } of packages) {
  checkTag(process.env, manifest.version);
  const path = join(repositoryRoot, folder, "package.json");
  const stated = { ...JSON.parse(readFileSync(path, "utf8")), ...originOf(process.env, folder) };
  writeFileSync(path, `${JSON.stringify(stated, null, 2)}\n`);
}

const folder = mkdtempSync(join(tmpdir(), "backref-release-"));
try {
  const tarballs = await packAll(folder);
  for (const { name, version } of inPublishingOrder(packages.map(({ manifest }) => manifest))) {
    const tarball = tarballs.find(({ source }) => source.manifest.name === name);
    if (tarball === undefined) throw new Error(`${name} was not packed`);
    if (!values["dry-run"] && (await isPublished(name, version))) {
      console.log(`${name}@${version} is published already`);
      continue;
    }
    const parameters = ["publish", tarball.path, "--access", "public"];
    const output = await succeed(runCommand("npm", [...parameters, values["dry-run"] ? "--dry-run" : "--provenance"]));
    process.stdout.write(output);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function isPublished(name: string, version: string): Promise<boolean> {
  const { succeeded, output } = await runCommand("npm", ["view", `${name}@${version}`, "version"]);
  return succeeded && output.includes(version);
}
