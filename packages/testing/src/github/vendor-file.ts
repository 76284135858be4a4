import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Whether a package is installed where this one finds it. */
export function isInstalled(packageName: string): boolean {
  try {
    import.meta.resolve(packageName);
    return true;
  } catch {
    return false;
  }
}

/** Reads a file of an installed package that its `exports` may not name. */
export function readVendorFile(packageName: string, file: string): string {
  const entry = fileURLToPath(import.meta.resolve(packageName));
  return readFileSync(join(dirname(entry), file), "utf8");
}
