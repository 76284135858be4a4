import { existsSync, readdirSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { makeFolder, readIfThere, unusable, writeWhole } from "./files.ts";
import { InputError } from "./input-error.ts";
import { takeLock } from "./lock.ts";
import { secretKeyFor } from "./secret-key.ts";

/** What is kept of one tracker between runs. */
export interface KeptData {
  /** As it is shown. */
  readonly folder: string;
  readonly databaseFolder: string;
  readonly secretKey: string;
  /** There is no database yet. */
  readonly isNew: boolean;
  /** The last run was killed. */
  readonly wasLeftBehind: boolean;
  /** Lets others in. */
  close(): void;
}

/** Lies in every folder we made, so that no other is ever written to or deleted. */
const markFile = "about.json";
const mark = { format: "backref-quickstart", version: 1 };

/**
 * Opens the folder of one tracker: `lock` keeps others out, `about.json` says whose it is, `secret-key` opens the
 * credentials in `database`, and the fake GitHub lies beside them.
 *
 * @throws InputError for whatever somebody has to put right first
 */
export async function openData(request: {
  readonly parent: string;
  /** Data of one tracker means nothing to another. */
  readonly tracker: string;
  readonly isReset: boolean;
  readonly secretKey: string | undefined;
}): Promise<KeptData> {
  const folder = join(request.parent, request.tracker);
  makeFolder(request.parent);
  const lock = await takeLock(`${folder}.lock`);
  try {
    checkMark(folder, request.isReset);
    if (request.isReset) rmSync(folder, { recursive: true, force: true });
    prepare(folder);
    const databaseFolder = join(folder, "database");
    const isNew = !existsSync(databaseFolder);
    const secretKey = secretKeyFor(join(folder, "secret-key"), request.secretKey, !isNew);
    const { wasLeftBehind } = lock;
    return { folder: shown(folder), databaseFolder, secretKey, isNew, wasLeftBehind, close: () => lock.release() };
  } catch (error) {
    lock.release();
    throw error;
  }
}

function checkMark(folder: string, isReset: boolean): void {
  if (!existsSync(folder)) return;
  const text = readIfThere(join(folder, markFile));
  if (text === null) {
    if (namesIn(folder).length === 0) return;
    throw new InputError(`${folder} holds files that are not of this program. Choose another folder with --data.`);
  }
  const isOurs = text.includes(`"${mark.format}"`);
  if (!isOurs)
    throw new InputError(`${join(folder, markFile)} is not of this program. Choose another folder with --data.`);
  if (!isReset && text !== JSON.stringify(mark)) {
    throw new InputError(`${folder} was written by another version of this program. Start over with --reset.`);
  }
}

function prepare(folder: string): void {
  makeFolder(folder);
  writeWhole(join(folder, markFile), JSON.stringify(mark));
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    throw unusable(folder, error);
  }
}

function shown(folder: string): string {
  const fromHere = relative(process.cwd(), folder);
  return fromHere.startsWith("..") ? folder : fromHere;
}
