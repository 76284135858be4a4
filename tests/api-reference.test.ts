import { expect, test } from "vitest";
import { API_FOLDER, apiPages } from "../scripts/api-reference/pages.ts";
import { readTracked, trackedFiles } from "./support/tracked-files.ts";

const pages = apiPages();

test("the API reference has a page for each entry point and no other", () => {
  const present = trackedFiles().filter((path) => path.startsWith(`${API_FOLDER}/`));
  expect(present, "run `pnpm docs:api`").toEqual([...pages.keys()].map((name) => `${API_FOLDER}/${name}`).sort());
});

test.each([...pages.keys()])("%s says what the source says", (name) => {
  expect(readTracked(`${API_FOLDER}/${name}`), "run `pnpm docs:api` and look at what changed").toBe(pages.get(name));
});
