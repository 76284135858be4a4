import { type CommandOptions, type CommandResult, runCommand } from "./run-command.ts";

/**
 * Runs pnpm in the version that started this script, or, where the script was started without it, through npx: no
 * machine needs a pnpm of its own.
 */
export function runPnpm(parameters: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
  const running = process.env["npm_execpath"];
  if (running === undefined || !running.includes("pnpm")) {
    return runCommand("npx", ["-y", "pnpm@12", ...parameters], options);
  }
  return /\.[cm]?js$/.test(running)
    ? runCommand(process.execPath, [running, ...parameters], options)
    : runCommand(running, parameters, options);
}
