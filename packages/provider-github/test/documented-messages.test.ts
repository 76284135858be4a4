import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

/** What people may see: the words of the provider and its kit, and GitHub's as the fake has them. */
const folders = ["../src/", "../../provider-kit/src/", "../../testing/src/github/"].map(
  (path) => new URL(path, import.meta.url),
);
const sources = folders
  .flatMap((folder) => readdirSync(folder).map((name) => readFileSync(new URL(name, folder), "utf8")))
  .join("\n");
const page = readFileSync(new URL("../../../docs/providers/github.md", import.meta.url), "utf8");

/** Quoted in the first column of a table: what somebody sees, with … for what differs. */
const quoted = page
  .split("\n")
  .filter((line) => line.startsWith("|"))
  .flatMap((line) => [...(line.split("|")[1] ?? "").matchAll(/"([^"]+)"/g)].flatMap(([, words]) => words ?? []));

test("what the page about GitHub quotes is what people see", () => {
  expect(quoted.length).toBeGreaterThan(15);
  const unknown = quoted.filter((words) => !words.split("…").every((part) => sources.includes(part.trim())));
  expect(unknown).toEqual([]);
});
