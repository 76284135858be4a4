/** `pnpm build`: compiles every package into its `dist`, from scratch, so that nothing stale can be packed. */

import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { moduleReferences } from "./module-references.ts";
import { packageFolders, repositoryRoot } from "./repository.ts";
import { runCommand } from "./run-command.ts";

const folders = packageFolders();
for (const folder of folders) rmSync(join(repositoryRoot, folder, "dist"), { recursive: true, force: true });

const compilation = await runCommand("tsc", ["-b", ...folders]);
process.stdout.write(compilation.output);
if (compilation.succeeded) for (const folder of folders) rewriteDeclarations(join(repositoryRoot, folder, "dist"));
else process.exitCode = 1;

/**
 * `rewriteRelativeImportExtensions` covers emitted JavaScript only; declarations keep `./x.ts`, which not every tool
 * that reads them follows. Both endings have one length, so declaration maps stay true.
 */
function rewriteDeclarations(distFolder: string): void {
  const declarations = readdirSync(distFolder, { recursive: true, encoding: "utf8" }).filter((path) =>
    path.endsWith(".d.ts"),
  );
  for (const path of declarations) {
    const file = join(distFolder, path);
    let text = readFileSync(file, "utf8");
    for (const { specifier, start, end } of moduleReferences(file, text)) {
      if (!/^\.{1,2}\/.*\.ts$/.test(specifier)) continue;
      text = text.slice(0, start) + text.slice(start, end).replace(/\.ts(["'])$/, ".js$1") + text.slice(end);
    }
    writeFileSync(file, text);
  }
}
