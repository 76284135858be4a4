import { existsSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { InputError } from "./input-error.ts";

/**
 * PostgreSQL in this process, with its data in a folder. Opening it takes a second or two.
 *
 * A new one comes into being under another name: where a run was killed meanwhile, nothing half made is opened later.
 */
export async function openDatabase(folder: string): Promise<PGlite> {
  const unfinished = `${folder}.new`;
  rmSync(unfinished, { recursive: true, force: true });
  if (!existsSync(folder)) {
    await (await open(unfinished)).close();
    renameSync(unfinished, folder);
  } else if (!isDatabase(folder)) {
    // PGlite would make a fresh one of it, without a word about what is lost.
    throw damaged(folder, "it holds no PostgreSQL database");
  }
  return open(folder);
}

function isDatabase(folder: string): boolean {
  return ["PG_VERSION", join("global", "pg_control")].every((name) => existsSync(join(folder, name)));
}

async function open(folder: string): Promise<PGlite> {
  try {
    return await PGlite.create(folder);
  } catch (error) {
    throw damaged(folder, error instanceof Error && error.message ? error.message : String(error));
  }
}

function damaged(folder: string, why: string): InputError {
  return new InputError(`The database in ${folder} cannot be opened: ${why}. Start over with --reset.`);
}
