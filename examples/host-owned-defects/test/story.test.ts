import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const main = fileURLToPath(new URL("../src/main.ts", import.meta.url));

test("the program comes to its end with both sides in step", { timeout: 60_000 }, async () => {
  const child = spawn(process.execPath, [main], { stdio: ["ignore", "pipe", "pipe"] });
  let [output, errors] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    errors += text;
  });
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject).once("close", resolve);
  });
  expect(errors).toBe("");
  expect(exitCode).toBe(0);
  expect(output).toContain("rolled back: 0 bugs, 0 issues");
  expect(output).toContain("Total is wrong with two vouchers · done · S1 · #1 synced");
  expect(output).toContain("  Ann: Only in euros.\n  lena: Fixed in 1.4\n");
});
