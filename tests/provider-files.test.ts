import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { repositoryRoot } from "../scripts/repository.ts";
import { readTracked } from "./support/tracked-files.ts";

const folders = readdirSync(join(repositoryRoot, "packages"))
  .filter((name) => name.startsWith("provider-") && name !== "provider-kit")
  .map((name) => `packages/${name}/src`)
  // Links-only ones have no groups and no files for what they send.
  .filter((folder) => existsSync(join(repositoryRoot, folder, "client.ts")));

/** What every provider that sends requests has, beside a file for each of its groups. */
const always = [
  ...["client.ts", "errors.ts", "index.ts", "keys.ts", "options.ts", "provider.ts", "shapes.ts", "site.ts", "types.ts"],
  ...["map-comment.ts", "map-issue.ts", "map-person.ts", "changes-cursor.ts", "create-fields.ts"],
];

/** Groups of the contract, and those files of theirs that are not named after them. */
const groups = new Map(
  readdirSync(join(repositoryRoot, "packages/core/src/provider/groups"))
    .map((file) => file.replace(/\.ts$/, ""))
    .map((file) => [file.replace(/-(\w)/g, (_dash, letter: string) => letter.toUpperCase()), `${file}.ts`]),
).set("rateLimits", "documented-rate-limits.ts");

describe.each(folders)("%s", (folder) => {
  const files = readdirSync(join(repositoryRoot, folder));
  const provider = readTracked(`${folder}/provider.ts`);

  test("has its groups, and what all providers have, in the files of the same names", () => {
    const own = [...groups].filter(([name]) => new RegExp(`\\b${name}: create\\w+Group\\(`).test(provider));
    expect(own.length).toBeGreaterThan(5);
    const expected = [...always, ...own.map(([, file]) => file)];
    expect(expected.filter((file) => !files.includes(file))).toEqual([]);
    for (const [name, file] of own) {
      const maker = `create${name[0]?.toUpperCase()}${name.slice(1)}Group`;
      expect(readTracked(`${folder}/${file}`), file).toContain(`export function ${maker}(`);
    }
  });
});
