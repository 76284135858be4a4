import { expect, test } from "vitest";
import { linksOf, pages } from "./support/documentation.ts";

const FOLDER = "docs/decisions/";
const index = pages.find(({ path }) => path === `${FOLDER}README.md`);
const decisions = pages.map(({ path }) => path).filter((path) => path.startsWith(FOLDER) && path !== index?.path);

test("every decision is in the index", () => {
  const listed = index === undefined ? [] : linksOf(index).map(({ path }) => path);
  expect(decisions.filter((path) => !listed.includes(path))).toEqual([]);
});

test("every decision has a number of its own", () => {
  const numbers = decisions.map((path) => path.slice(FOLDER.length, FOLDER.length + 4));
  expect(numbers.filter((number) => !/^\d{4}$/.test(number))).toEqual([]);
  expect(new Set(numbers).size).toBe(numbers.length);
});
