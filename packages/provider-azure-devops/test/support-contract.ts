import { existsSync } from "node:fs";
import { join } from "node:path";

/** Where Microsoft's own files are; they are not part of this repository. */
export const contractFolder: string = join(
  process.env["BACKREF_CONTRACTS"] ?? join(import.meta.dirname, "../../../../shared/contracts"),
  "azure-devops",
);

export const hasContract: boolean = existsSync(contractFolder);
