import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { defectStoreSuite, providerSuite, storageSuite } from "../src/index.ts";

const create = () => Promise.reject(new Error("No rule is checked here."));
const suites = [defectStoreSuite({ create }), providerSuite({ create }), storageSuite({ create })];
const places = new Set(suites.flatMap(({ rules }) => rules.map(({ documentedAt }) => documentedAt)));

/** Files of core that a rule points to, and what of them it names: `core/storage/storage.ts, Storage.find`. */
function pointersIn(documentedAt: string): readonly { readonly file: string; readonly names: readonly string[] }[] {
  return [...documentedAt.matchAll(/core\/([\w/-]+\.ts)([^;:/]*)/g)].map(([, file = "", rest = ""]) => ({
    file: join(import.meta.dirname, "../../core/src", file),
    names: [...rest.matchAll(/\b(?:[A-Z]\w+(?:\.\w+)?|[a-z]+[A-Z]\w+)/g)].flatMap(([name]) => name.split(".")),
  }));
}

test.each([...places])("%s is there to be read", (documentedAt) => {
  const pointers = pointersIn(documentedAt);
  expect(pointers).not.toEqual([]);
  for (const { file, names } of pointers) {
    expect(existsSync(file), file).toBe(true);
    const text = readFileSync(file, "utf8");
    expect(names.filter((name) => !new RegExp(`\\b${name}\\b`).test(text))).toEqual([]);
  }
});
