import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const main = fileURLToPath(new URL("../src/main.ts", import.meta.url));

test("the program pushes defects to a tracker of its own, and both sides come to say the same", async () => {
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [main]);
  expect(stderr).toBe("");
  const [pushed = "", edited = ""] = stdout.split("Edited on both sides");
  expect(pushed).toContain("Connected to Nook as Backref.");
  expect(pushed).toMatch(/Total is wrong with a voucher.*open.*WEB-1.*todo.*synced/);
  expect(edited).toMatch(/Total is wrong with two vouchers.*in-progress.*WEB-1.*doing.*synced/);
  expect(edited).toMatch(/Search is slow.*closed.*WEB-2.*done.*synced/);
});
