import { expect, test } from "vitest";
import { runProgram } from "./support/programs.ts";

test("every framework takes what is genuine, once, and the worker brings it", async () => {
  const { exitCode, output } = await runProgram("main");
  for (const framework of ["Hono", "Express", "Fastify", "Next"]) {
    expect(output).toMatch(new RegExp(`${framework}.*202.*200.*401.*Total is wrong with a voucher`));
  }
  expect(exitCode).toBe(0);
});
