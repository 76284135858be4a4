import { runCommand } from "../run-command.ts";
import type { Outcome } from "./outcome.ts";

/** A program that counts as one check: it passes when it ends with exit code 0. */
export async function commandCheck(name: string, program: string, parameters: readonly string[]): Promise<Outcome> {
  const { succeeded, output } = await runCommand(program, parameters);
  return { name, status: succeeded ? "passed" : "failed", detail: succeeded ? "" : output.trim(), notes: [] };
}
