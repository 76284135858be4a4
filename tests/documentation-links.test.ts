import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { repositoryRoot } from "../scripts/repository.ts";
import { anchorsOf, linksOf, pages } from "./support/documentation.ts";

const anchors = new Map(pages.map((page) => [page.path, anchorsOf(page)]));

test.each(pages)("links of $path lead somewhere", (page) => {
  const broken = linksOf(page).filter(({ path, anchor }) => {
    if (!existsSync(join(repositoryRoot, path))) return true;
    return anchor !== "" && path.endsWith(".md") && !anchors.get(path)?.has(anchor);
  });
  expect(broken.map(({ line, path, anchor }) => `${page.path}:${line} → ${path}${anchor && `#${anchor}`}`)).toEqual([]);
});
