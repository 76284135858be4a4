import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
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

/**
 * Makes a folder, and those above it that are missing. One by one: with `recursive` Node tries for ever where the system
 * says of a folder that exists that it does not, as below `/proc`.
 */
export function makeFolder(path: string): void {
  const missing: string[] = [];
  let above = resolve(path);
  for (; !existsSync(above); above = dirname(above)) missing.unshift(above);
  try {
    if (!statSync(above).isDirectory()) throw new Error(`${above} is not a folder`);
    for (const folder of missing) makeOne(folder);
  } catch (error) {
    throw unusable(path, error);
  }
}

function makeOne(folder: string): void {
  try {
    mkdirSync(folder);
  } catch (error) {
    // Another run may have been faster.
    if (codeOf(error) !== "EEXIST") throw error;
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
