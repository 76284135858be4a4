import { createBackref, type FetchFunction, type SecretKey } from "@backref/core";
import { createGitHubProvider } from "@backref/provider-github";
import { createPostgresStorage } from "@backref/storage-postgres";
import type { Database } from "./database.ts";
import { createBugStore } from "./defect-store/create-bug-store.ts";
import { mapping, vocabulary } from "./words.ts";

export interface HostBackrefOptions {
  readonly database: Database;
  readonly secretKeys: readonly SecretKey[];
  /** @default the global `fetch` */
  readonly fetch?: FetchFunction;
  /** @default once a minute */
  readonly pollIntervalMs?: number;
}

/** Backref over our bugs. Its own tables live in the same database, so that its records can join our transactions. */
export function createHostBackref({ database, secretKeys, fetch, pollIntervalMs }: HostBackrefOptions) {
  return createBackref({
    storage: createPostgresStorage({ pool: database.pool }),
    providers: [createGitHubProvider()],
    secretKeys,
    defectStore: createBugStore(database),
    vocabulary,
    mapping,
    defectUrl: ({ defect }) => `https://tests.example.com/bugs/${defect.id}`,
    ...(fetch === undefined ? {} : { fetch }),
    ...(pollIntervalMs === undefined ? {} : { limits: { pollIntervalMs } }),
  });
}

export type HostBackref = ReturnType<typeof createHostBackref>;
