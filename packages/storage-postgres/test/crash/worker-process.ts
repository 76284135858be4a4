import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { HostSettings } from "./host.ts";

/** A child process that works, as its parent sees it. */
export interface WorkerProcess {
  readonly isReady: boolean;
  readonly isGone: boolean;
  /** What it printed to stderr. */
  readonly errors: string;
  /** SIGKILL: no handler runs, no connection is closed in order. */
  kill(): Promise<void>;
}

export function startWorker(settings: HostSettings): WorkerProcess {
  const child: ChildProcess = fork(fileURLToPath(new URL("worker.ts", import.meta.url)), {
    env: { ...process.env, BACKREF_WORKER: JSON.stringify(settings), NODE_OPTIONS: "" },
    execArgv: [],
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  let isReady = false;
  let errors = "";
  child.on("message", () => {
    isReady = true;
  });
  child.stderr?.on("data", (data: Buffer) => {
    errors += data.toString("utf8");
  });
  const gone = once(child, "exit");
  return {
    get isReady() {
      return isReady;
    },
    get isGone() {
      return child.exitCode !== null || child.signalCode !== null;
    },
    get errors() {
      return errors;
    },
    async kill() {
      child.kill("SIGKILL");
      await gone;
    },
  };
}
