import { Pool } from "pg";
import type { HostSettings } from "./host.ts";

/** What both processes read from their environment; the same for both. */
export function settingsFrom(environment: Readonly<Record<string, string | undefined>>): HostSettings & { pool: Pool } {
  const { DATABASE_URL: connectionString, BACKREF_KEY: key, ALLOW_PRIVATE_ADDRESSES: allows } = environment;
  if (!connectionString) throw new Error("Set DATABASE_URL to a PostgreSQL database.");
  if (!key) throw new Error("Set BACKREF_KEY to a key that both processes get: openssl rand -base64 32");
  return {
    pool: new Pool({ connectionString }),
    secretKeys: [{ id: "host", key }],
    allowPrivateAddresses: allows === "true",
  };
}
