import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const main = fileURLToPath(new URL("../../src/main.ts", import.meta.url));
const ignored = ["GITHUB_TOKEN", "GITHUB_REPOSITORY", "GITHUB_API_URL", "GITHUB_SERVER_URL", "BACKREF_KEY"];

export interface DemoRun {
  readonly exitCode: number | null;
  readonly output: string;
  readonly errors: string;
}

export interface DemoRequest {
  readonly environment?: Readonly<Record<string, string>>;
  /** @default a folder that is gone afterwards */
  readonly data?: string;
  /** Sends the signal as soon as the output has this text. */
  readonly stopAt?: { readonly text: string; readonly signal: "SIGINT" | "SIGKILL" };
}

/** Runs the program as a person would, without this machine's own settings. */
export async function runDemo(parameters: readonly string[] = [], request: DemoRequest = {}): Promise<DemoRun> {
  if (request.data !== undefined) return start(parameters, request, request.data);
  const folder = await mkdtemp(join(tmpdir(), "quickstart-data-"));
  try {
    return await start(parameters, request, folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function start(parameters: readonly string[], request: DemoRequest, data: string): Promise<DemoRun> {
  const inherited = Object.entries(process.env).filter(([name]) => !ignored.includes(name));
  const child = spawn(process.execPath, [main, ...parameters, "--data", data], {
    env: { ...Object.fromEntries(inherited), ...request.environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  let errors = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
    stopAt(child, output, request.stopAt);
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    errors += text;
  });
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject).once("close", resolve);
  });
  return { exitCode, output, errors };
}

function stopAt(child: ChildProcess, output: string, stop: DemoRequest["stopAt"]): void {
  // A second signal would end it at once.
  if (stop !== undefined && !child.killed && output.includes(stop.text)) child.kill(stop.signal);
}
