import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { InputError } from "./input-error.ts";

/** Only for whoever runs the program: keys and tokens are in these files. */
const ownerOnly = 0o600;

/** The file has the old text or the new one, never a part, whenever the process is killed. */
export function writeWhole(path: string, text: string): void {
  const aside = `${path}.${process.pid}.tmp`;
  try {
    writeFileSync(aside, text, { mode: ownerOnly });
    renameSync(aside, path);
  } catch (error) {
    rmSync(aside, { force: true });
    throw unusable(path, error);
  }
}

/** Null where there is no such file. */
export function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return null;
    throw unusable(path, error);
  }
}

/** A file or folder that the system does not let us use, in its words. */
export function unusable(path: string, error: unknown): InputError {
  const why = error instanceof Error ? error.message : String(error);
  return new InputError(`${path} cannot be used: ${why}. Choose another folder with --data.`);
}

export function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}
