import { spawn } from "node:child_process";
import { repositoryRoot } from "./repository.ts";

export interface CommandResult {
  readonly succeeded: boolean;
  /** What the command wrote to stdout and stderr, in the order it arrived. */
  readonly output: string;
}

export interface CommandOptions {
  /** @default the root of the repository */
  readonly folder?: string;
  /** Added to the environment of this process. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** Runs a program to its end. A program that cannot be started is a failed one, and the output says why. */
export function runCommand(
  program: string,
  parameters: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  return new Promise((resolve) => {
    const child = spawn(program, parameters, {
      cwd: options.folder ?? repositoryRoot,
      env: { ...process.env, ...options.environment },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const chunks: string[] = [];
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => chunks.push(chunk));
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => chunks.push(chunk));
    child.on("error", (error) => resolve({ succeeded: false, output: `${program}: ${error.message}` }));
    child.on("close", (code) => resolve({ succeeded: code === 0, output: chunks.join("") }));
  });
}

/**
 * What a command wrote.
 *
 * @throws Error with its output where it failed
 */
export async function succeed(command: Promise<CommandResult>): Promise<string> {
  const { succeeded, output } = await command;
  if (!succeeded) throw new Error(output);
  return output;
}
