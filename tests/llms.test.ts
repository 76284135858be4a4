import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { repositoryRoot } from "../scripts/repository.ts";
import { contentsForPrograms } from "./support/llms.ts";
import { readTracked, trackedFiles } from "./support/tracked-files.ts";

test("llms.txt says what the documentation holds now: `pnpm llms` writes it", () => {
  expect(readTracked("llms.txt")).toBe(contentsForPrograms());
});

test("llms.txt names every guide, and only what exists", () => {
  const named = [...readTracked("llms.txt").matchAll(/\]\(([^)]+)\)/g)].map(([, path]) => path ?? "");
  expect(named.filter((path) => !existsSync(join(repositoryRoot, path)))).toEqual([]);
  const guides = trackedFiles().filter((path) => /^docs\/(providers\/)?[^/]+\.md$/.test(path));
  expect(guides.filter((path) => !named.includes(path))).toEqual([]);
});
