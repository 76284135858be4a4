import { execFileSync } from "node:child_process";
import { parseSync } from "oxc-parser";
import { describe, expect, test } from "vitest";
import { readTracked } from "../support/tracked-files.ts";
import { patchedFiles, patchSource } from "./apply-patches.ts";
import type { Mechanism } from "./mechanism.ts";
import { mechanisms } from "./mechanisms/index.ts";

test("every mechanism has an id of its own and says what it is for", () => {
  const ids = mechanisms.map(({ id }) => id);
  expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  expect(ids.filter((id) => !/^[a-z]+(-[a-z]+)*$/.test(id))).toEqual([]);
  expect(mechanisms.filter(({ about }) => !/^[A-Z].{20,}\.$/.test(about))).toEqual([]);
});

test("no two mechanisms are taken out in the same way", () => {
  const patches = mechanisms.map((mechanism) => JSON.stringify(mechanism.patches));
  expect(patches.filter((patch, index) => patches.indexOf(patch) !== index)).toEqual([]);
});

describe.each(mechanisms)("$id", (mechanism) => {
  test("can be taken out of today's source, which still parses", () => {
    expect(mechanism.patches).not.toEqual([]);
    expect(mechanism.patches.filter(({ find, replace }) => find.trim() === "" || find === replace)).toEqual([]);
    for (const file of patchedFiles(mechanism)) {
      const source = readTracked(file);
      const patched = patchSource(source, file, mechanism);
      expect(patched).not.toBe(source);
      expect(parseSync(file, patched).errors).toEqual([]);
    }
  });
});

describe("patching a source", () => {
  const mechanism: Mechanism = {
    id: "example",
    about: "An example that is no part of the engine.",
    patches: [
      { file: "a.ts", find: "one", replace: "$&" },
      { file: "b.ts", find: "two", replace: "2" },
    ],
  };

  test("replaces the text as it stands and leaves other files' patches alone", () => {
    expect(patchSource("one two", "a.ts", mechanism)).toBe("$& two");
    expect(patchSource("one two", "c.ts", mechanism)).toBe("one two");
  });

  test.each([
    ["is missing", "three", "found 0 times"],
    ["is there twice", "one one", "found 2 times"],
  ])("names mechanism and file where the text %s", (_what, source, count) => {
    expect(() => patchSource(source, "a.ts", mechanism)).toThrow(/"example".*a\.ts/);
    expect(() => patchSource(source, "a.ts", mechanism)).toThrow(count);
  });
});

test("a patched module is loaded in place of the original, types stripped, also in a worker thread", () => {
  const script = `
    import { Worker } from "node:worker_threads";
    const body = async ({ parentPort }) => {
      const { installPatches } = await import("${new URL("apply-patches.ts", import.meta.url).href}");
      const patches = installPatches({ id: "example", about: "", patches: [
        { file: "scripts/repository.ts", find: "export function packageFolders()", replace: "export const patched: number = 1;\\nexport function packageFolders()" },
        { file: "packages/core/src/engine/flights.ts", find: "const flying", replace: "const patched: boolean = true;\\n  const flying" },
      ] });
      const before = patches.loaded();
      const { createFlights } = await import("${new URL("../../packages/core/src/engine/flights.ts", import.meta.url).href}");
      parentPort.postMessage({ before, after: patches.loaded(), isPatched: String(createFlights).includes("patched") });
    };
    const start = \`import("node:worker_threads").then(\${body})\`;
    new Worker(start, { eval: true }).on("message", (message) => process.stdout.write(JSON.stringify(message)));
  `;
  const output = execFileSync(process.execPath, ["--input-type=module", "-e", script], { encoding: "utf8" });
  expect(JSON.parse(output)).toEqual({
    before: [],
    after: ["packages/core/src/engine/flights.ts"],
    isPatched: true,
  });
});
