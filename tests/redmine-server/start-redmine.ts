import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";

/** A Redmine that runs for tests, and what is needed to use it. All of it survives JSON. */
export interface RedmineAccess {
  /** It answers at `/` and below `/redmine`. No trailing slash. */
  readonly url: string;
  /** Of the account `ann`, who is "Tracker bridge" in the projects that tests add. */
  readonly apiKey: string;
  readonly adminKey: string;
  /** Of an account that is a member of nothing. */
  readonly strangerKey: string;
  /** For `/control`, see actions.rb. */
  readonly controlKey: string;
}

export interface RunningRedmine {
  readonly access: RedmineAccess;
  stop(): Promise<void>;
}

export { type Action, act } from "./act.ts";

const library = "/usr/share/redmine";
const puma = "/usr/bin/puma";
/** What an installation lacks, in words for a test that is skipped; null where Redmine can be started. */
export function missingRedmine(): string | null {
  const isThere = existsSync(join(library, "config", "environment.rb")) && existsSync(puma);
  return isThere ? null : "redmine: apt-get install redmine redmine-sqlite puma (Debian) puts one here";
}

const longestStartMs = 180_000;

/** Starts Debian's Redmine with a database and files of its own in a temporary directory. Takes some ten seconds. */
export async function startRedmine(): Promise<RunningRedmine> {
  const directory = await mkdtemp(join(tmpdir(), "backref-redmine-"));
  for (const name of ["config", "log", "files", "tmp", "public/plugin_assets"]) {
    await mkdir(join(directory, name), { recursive: true });
  }
  const database = { adapter: "sqlite3", database: join(directory, "redmine.sqlite3"), timeout: 20_000 };
  await writeFile(join(directory, "config", "database.yml"), JSON.stringify({ production: database }));
  await writeFile(join(directory, "config", "secret_key.txt"), `${randomUUID()}${randomUUID()}`);
  const key = () => randomUUID().replaceAll("-", "");
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const access = { url, apiKey: key(), adminKey: key(), strangerKey: key(), controlKey: key() };
  const server = spawn(puma, ["--bind", `tcp://127.0.0.1:${port}`, "--threads", "1:1", "--dir", library, ruFile()], {
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...process.env,
      RAILS_ENV: "production",
      TZ: "UTC",
      LANG: "C.UTF-8",
      // A compiler, and memory to begin with: a request costs half of what it does without.
      RUBYOPT: "--yjit",
      RUBY_GC_HEAP_INIT_SLOTS: "1500000",
      RUBY_GC_MALLOC_LIMIT: "268435456",
      RUBY_GC_MALLOC_LIMIT_MAX: "536870912",
      RUBY_GC_OLDMALLOC_LIMIT: "536870912",
      REDMINE_LIBRARY: library,
      // Instances are looked for below the library, by way of a link or not.
      REDMINE_INSTANCE: `../../../../../../${relative("/", directory)}`,
      API_KEY: access.apiKey,
      ADMIN_KEY: access.adminKey,
      STRANGER_KEY: access.strangerKey,
      CONTROL_KEY: access.controlKey,
    },
  });
  const output: string[] = [];
  const stop = async () => {
    await end(server);
    await rm(directory, { recursive: true, force: true });
  };
  try {
    await listening(server, output);
  } catch (error) {
    await stop();
    throw error;
  }
  return { access, stop };
}

function ruFile(): string {
  return join(import.meta.dirname, "config.ru");
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { readonly port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function listening(server: ChildProcess, output: string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (why: string) => reject(new Error(`Redmine did not start: ${why}\n${output.join("").slice(-4_000)}`));
    const timer = setTimeout(() => fail(`not within ${longestStartMs} ms`), longestStartMs);
    for (const stream of [server.stdout, server.stderr]) {
      stream?.setEncoding("utf8").on("data", (chunk: string) => {
        output.push(chunk);
        if (!chunk.includes("Listening on")) return;
        clearTimeout(timer);
        resolve();
      });
    }
    server.once("error", (error) => fail(error.message));
    server.once("exit", (code) => fail(`exit code ${code}`));
  });
}

async function end(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const ended = new Promise((resolve) => server.once("exit", resolve));
  server.kill("SIGKILL");
  await ended;
}
