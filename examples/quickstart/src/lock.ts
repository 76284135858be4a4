import { linkSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { codeOf, readIfThere, unusable } from "./files.ts";
import { InputError } from "./input-error.ts";

/** Whoever was just stopped needs a moment to be gone. */
const patienceMs = 2_000;

export interface Lock {
  /** The last holder was killed before it could release it. */
  readonly wasLeftBehind: boolean;
  release(): void;
}

/**
 * Keeps a second process out. PGlite does not, and two of them in one folder would destroy it. The file holds the id of
 * the process; one whose process is gone is taken over.
 */
export async function takeLock(path: string): Promise<Lock> {
  const own = `${process.pid}`;
  const giveUpAt = performance.now() + patienceMs;
  let holder = readIfThere(path);
  while (holder !== null && isAlive(holder)) {
    if (performance.now() > giveUpAt) throw inUse(path, holder);
    await sleep(100);
    holder = readIfThere(path);
  }
  if (holder !== null) setAside(path, holder);
  create(path, own);
  return {
    wasLeftBehind: holder !== null,
    release() {
      if (readIfThere(path) === own) rmSync(path, { force: true });
    },
  };
}

/** The link appears with its content, so that nobody ever reads an empty lock. */
function create(path: string, own: string): void {
  const aside = `${path}.${own}`;
  try {
    writeFileSync(aside, own);
    linkSync(aside, path);
  } catch (error) {
    if (codeOf(error) === "EEXIST") throw inUse(path, readIfThere(path) ?? "");
    throw unusable(path, error);
  } finally {
    rmSync(aside, { force: true });
  }
}

/** Of several who find the same old lock one succeeds; whoever moved a fresh one instead puts it back. */
function setAside(path: string, holder: string): void {
  const aside = `${path}.${process.pid}.old`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return;
    throw unusable(path, error);
  }
  const moved = readIfThere(aside);
  if (moved !== holder) linkSync(aside, path);
  rmSync(aside, { force: true });
}

function isAlive(holder: string): boolean {
  const processId = Number(holder);
  if (!Number.isInteger(processId) || processId <= 0) return false;
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    // Somebody else's process is alive as well.
    return codeOf(error) === "EPERM";
  }
}

function inUse(path: string, holder: string): InputError {
  return new InputError(
    `Another run (process ${holder}) is using this data. Wait for its end, or choose another folder with --data. If process ${holder} is something else, delete ${path}.`,
  );
}
