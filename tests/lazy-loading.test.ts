import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { repositoryRoot } from "../scripts/repository.ts";
import { packages } from "./support/packages.ts";

const printer = fileURLToPath(new URL("support/print-loaded-modules.ts", import.meta.url));

/** Clients and drivers that cost start-up time. They are loaded on first use. */
const HEAVY =
  /\/node_modules\/(@octokit|octokit|universal-github-app-jwt|jira\.js|@linear|@gitbeaker|pg|ky|undici|mdast-util-[^/]+|micromark[^/]*)\//;

function modulesLoadedBy(path: string): readonly string[] {
  const url = pathToFileURL(join(repositoryRoot, path)).href;
  return JSON.parse(execFileSync(process.execPath, [printer, url], { encoding: "utf8", maxBuffer: 16 * 1024 * 1024 }));
}

const light = packages.filter(({ manifest }) => manifest.name !== "@backref/testing");

test.each(light)("importing $manifest.name loads no tracker client and no database driver", ({ folder }) => {
  const loaded = modulesLoadedBy(`${folder}/src/index.ts`);
  expect(loaded.some((url) => url.endsWith(`${folder}/src/index.ts`))).toBe(true);
  expect(loaded.filter((url) => HEAVY.test(url))).toEqual([]);
});

test("importing core loads no other package of the repository", () => {
  const loaded = modulesLoadedBy("packages/core/src/index.ts");
  expect(loaded.filter((url) => url.includes("/packages/") && !url.includes("/packages/core/"))).toEqual([]);
});

test("only its own adapter loads OpenTelemetry", () => {
  const loading = packages.filter(({ folder }) => {
    return modulesLoadedBy(`${folder}/src/index.ts`).some((url) => url.includes("/node_modules/@opentelemetry/"));
  });
  expect(loading.map(({ manifest }) => manifest.name)).toEqual(["@backref/opentelemetry"]);
});

test("the contracts load nothing from outside core", () => {
  for (const contract of ["provider", "storage"]) {
    const loaded = modulesLoadedBy(`packages/core/src/${contract}/index.ts`);
    expect(loaded.filter((url) => url.includes("/node_modules/"))).toEqual([]);
  }
});
