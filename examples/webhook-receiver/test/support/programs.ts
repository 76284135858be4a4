import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

export interface RunningProgram {
  /** Its first line. */
  readonly line: string;
  /** Asks it to end; answers with its exit code. */
  stop(): Promise<number | null>;
}

function start(name: string, environment: Readonly<Record<string, string>>): ChildProcess {
  const path = fileURLToPath(new URL(`../../src/${name}.ts`, import.meta.url));
  return spawn(process.execPath, [path], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...environment },
  });
}

/** Runs a program of the example to its end. */
export async function runProgram(name: string): Promise<{ readonly exitCode: number | null; readonly output: string }> {
  const child = start(name, {});
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding("utf8").on("data", (text) => (output += text));
  const [exitCode] = (await once(child, "close")) as [number | null];
  return { exitCode, output };
}

/** Starts a program and waits for its first line. */
export async function startProgram(
  name: string,
  environment: Readonly<Record<string, string>>,
): Promise<RunningProgram> {
  const child = start(name, environment);
  let errors = "";
  child.stderr?.setEncoding("utf8").on("data", (text) => (errors += text));
  const closed = once(child, "close") as Promise<[number | null]>;
  const line = await new Promise<string>((resolve, reject) => {
    child.stdout?.setEncoding("utf8").once("data", (text: string) => resolve(text.trim()));
    void closed.then(([code]) => reject(new Error(`${name} ended with ${code}: ${errors}`)));
  });
  return {
    line,
    async stop() {
      child.kill("SIGTERM");
      const [exitCode] = await closed;
      return exitCode;
    },
  };
}
