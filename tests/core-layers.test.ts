import { posix } from "node:path";
import { describe, expect, test } from "vitest";
import { type Import, importsBelow, isRelative, show } from "./support/packages.ts";

const SOURCE = "packages/core/src";

/** Core's folders from the ground up. A folder imports from those above it in this table only, so there are no cycles. */
const LAYERS = [
  "domain",
  "errors",
  "ports",
  "provider",
  "storage",
  "outgoing",
  "input",
  "events",
  "defect-store",
  "runtime",
  "mapping",
  "merge",
  "activity",
  "issues",
  "forms",
  "security",
  "engine",
  "services",
  "webhooks",
  // Files directly in `src`, which put it all together.
  ".",
];

/** What plugins compile against. It stays small, so these import nothing but the ground. */
const CONTRACTS = ["provider", "storage"];
const GROUND = ["domain", "errors", "ports"];

interface FolderImport extends Import {
  readonly folder: string;
  readonly target: string;
}

const imports: readonly FolderImport[] = importsBelow(SOURCE)
  .filter(({ specifier }) => isRelative(specifier))
  .map((found) => ({
    ...found,
    folder: folderOf(found.from),
    target: folderOf(posix.join(posix.dirname(found.from), found.specifier)),
  }))
  .filter(({ folder, target }) => folder !== target);

function folderOf(path: string): string {
  const parts = posix.relative(SOURCE, path).split("/");
  return parts.length === 1 ? "." : (parts[0] ?? ".");
}

describe("core's folders", () => {
  test("are all in the table of layers", () => {
    const folders = new Set(importsBelow(SOURCE).map(({ from }) => folderOf(from)));
    expect([...folders].filter((folder) => !LAYERS.includes(folder))).toEqual([]);
  });

  test("import in one direction", () => {
    const upward = imports.filter(({ folder, target }) => LAYERS.indexOf(target) >= LAYERS.indexOf(folder));
    expect(upward.map(show)).toEqual([]);
  });

  test.each(CONTRACTS)("%s, a plugin contract, imports only the ground", (contract) => {
    const beyond = imports.filter(({ folder, target }) => folder === contract && !GROUND.includes(target));
    expect(beyond.map(show)).toEqual([]);
  });
});
