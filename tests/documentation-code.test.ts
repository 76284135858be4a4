import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { repositoryRoot } from "../scripts/repository.ts";
import { runCommand } from "../scripts/run-command.ts";
import { codeBlocksOf, guides } from "./support/documentation.ts";

/** Inside the repository, so that the packages resolve as they do for a reader who installed them. */
const folder = join(repositoryRoot, "tests/.blocks");

const blocks = guides
  .flatMap(codeBlocksOf)
  .map((block) => ({ ...block, file: `${block.place.replace(/[^A-Za-z0-9]+/g, "-")}.ts` }));

/** What the compiler says about each file. */
let complaints = "";

beforeAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  for (const { file, text } of blocks) writeFileSync(join(folder, file), text);
  const configuration = {
    extends: "../../tsconfig.json",
    // Examples show a call, not what is done with each result.
    compilerOptions: { noUnusedLocals: false, noUnusedParameters: false },
    include: ["*.ts"],
    exclude: [],
  };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(configuration));
  if (blocks.length > 0) complaints = (await runCommand("tsc", ["-p", folder, "--pretty", "false"])).output;
});

describe.each(blocks)("$place", ({ file, runs }) => {
  test("compiles", () => {
    const own = complaints.split("\n").filter((line) => line.includes(file));
    expect(own).toEqual([]);
  });

  if (!runs) return;
  test("runs", async () => {
    const { succeeded, output } = await runCommand(process.execPath, [join(folder, file)]);
    expect(succeeded, output).toBe(true);
  });
});

test("the compiler was able to judge the examples", () => {
  expect(complaints.split("\n").filter((line) => line.startsWith("error TS"))).toEqual([]);
});
