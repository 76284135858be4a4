import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { takeLock } from "../src/lock.ts";

/** No system gives out so high a number. */
const goneProcess = "999999999";

describe("a lock", () => {
  let folder = "";
  let path = "";
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "lock-"));
    path = join(folder, "data.lock");
  });
  afterEach(() => rm(folder, { recursive: true }));

  test("holds the process id, and nothing is left of it once it is released", async () => {
    const lock = await takeLock(path);
    expect(lock.wasLeftBehind).toBe(false);
    expect(await readFile(path, "utf8")).toBe(String(process.pid));
    await expect(takeLock(path)).rejects.toThrow(`Another run (process ${process.pid}) is using this data.`);
    lock.release();
    expect(await readdir(folder)).toEqual([]);
  });

  test.each([goneProcess, "", "-1", "nonsense"])("that nobody holds any more is taken over: %j", async (holder) => {
    await writeFile(path, holder);
    const lock = await takeLock(path);
    expect(lock.wasLeftBehind).toBe(true);
    expect(await readFile(path, "utf8")).toBe(String(process.pid));
    lock.release();
    expect(await readdir(folder)).toEqual([]);
  });

  test("is waited for while its holder ends", async () => {
    const first = await takeLock(path);
    setTimeout(first.release, 300);
    const second = await takeLock(path);
    expect(second.wasLeftBehind).toBe(false);
    second.release();
  });

  test("of another is not released", async () => {
    const lock = await takeLock(path);
    await writeFile(path, goneProcess);
    lock.release();
    expect(existsSync(path)).toBe(true);
  });
});
