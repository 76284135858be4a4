import { join } from "node:path";
import { describe, expect, inject, test } from "vitest";
import { repositoryRoot } from "../../scripts/repository.ts";
import { runCommand, succeed } from "../../scripts/run-command.ts";
import { readManifest } from "../support/packages.ts";
import type { PackageManager } from "./consumer.ts";
import { measureImport } from "./measure.ts";
import { readmeAnswer, type Style, styles } from "./programs.ts";
import { coreImportLimit } from "./size-limits.ts";

const nodes = {
  22: join(repositoryRoot, "tests/packaging/node_modules/node/bin/node"),
  24: join(repositoryRoot, "node_modules/node/bin/node"),
} as const;
type Node = keyof typeof nodes;

interface Cell {
  readonly manager: PackageManager;
  readonly node: Node;
  readonly style: Style;
}

/** `await import()` from CommonJS takes the way of `import`, so one package manager is enough for it. */
const cells: readonly Cell[] = ([22, 24] as const).flatMap((node) => [
  ...(["npm", "pnpm"] as const).flatMap((manager) =>
    (["import", "require"] as const).map((style) => ({ manager, node, style })),
  ),
  { manager: "npm", node, style: "await import" },
]);

/** What a program of an application wrote, on one of the Nodes. */
function run({ manager, node }: Pick<Cell, "manager" | "node">, program: string): Promise<string> {
  const environment = { NODE_NO_WARNINGS: "1" };
  return succeed(runCommand(nodes[node], [program], { folder: inject("consumers")[manager], environment }));
}

describe.concurrent("the README's program, on the packages as they are published", () => {
  test.each(cells)("runs: $manager, Node $node, $style", async (cell) => {
    expect((await run(cell, `readme${styles[cell.style]}`)).trim()).toBe(readmeAnswer);
  });

  test.each(Object.entries(nodes))("Node %s is that Node", async (major, node) => {
    expect(await succeed(runCommand(node, ["--version"]))).toMatch(new RegExp(`^v${major}\\.`));
  });
});

describe.concurrent("an application outside the workspace", () => {
  test.each([
    { compiler: "TypeScript 7", folder: "", manager: "pnpm" },
    { compiler: "TypeScript 5.9", folder: "tests/packaging", manager: "npm" },
  ] as const)("compiles against the published types: $compiler, $manager", async ({ compiler, folder, manager }) => {
    const program = join(repositoryRoot, folder, "node_modules/typescript/bin/tsc");
    const { version } = readManifest(join(folder, "node_modules/typescript/package.json"));
    expect(`TypeScript ${version}`).toContain(`${compiler}.`);
    const consumer = inject("consumers")[manager];
    await succeed(runCommand(nodes[24], [program, "-p", consumer, "--pretty", "false"]));
  });

  test.each<Cell>([
    { manager: "pnpm", node: 24, style: "import" },
    { manager: "npm", node: 22, style: "require" },
  ])("loads every entry point: $manager, Node $node, $style", async (cell) => {
    const exported: Readonly<Record<string, number>> = JSON.parse(await run(cell, `every-entry${styles[cell.style]}`));
    expect(Object.entries(exported).filter(([, count]) => count === 0)).toEqual([]);
  });

  test("starts and lists its providers", async () => {
    expect((await run({ manager: "pnpm", node: 24 }, "use-backref.ts")).trim()).toBe("providers: github");
  });

  test("knows the errors of a second copy of core", async () => {
    expect((await run({ manager: "npm", node: 24 }, "two-copies.ts")).trim()).toBe("errors are known");
  });

  test("runs the README's program with plugins that have another copy of core", async () => {
    expect((await run({ manager: "npm", node: 24 }, "readme-two-copies.mts")).trim()).toBe(readmeAnswer);
  });
});

test("importing core costs no more than it may", async ({ annotate }) => {
  const { modules, bytes } = measureImport("packages/core");
  await annotate(`importing @backref/core: ${modules} modules, ${bytes} bytes of JavaScript`);
  expect(modules).toBeLessThanOrEqual(coreImportLimit.modules);
  expect(bytes / 1_000).toBeLessThanOrEqual(coreImportLimit.kilobytes);
});
