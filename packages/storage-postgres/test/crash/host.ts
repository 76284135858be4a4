import { type Backref, createBackref } from "@backref/core";
import type { Storage } from "@backref/core/storage";
import { createGitHubProvider } from "@backref/provider-github";

/** What every process of the host knows, parent or child; it travels as JSON. */
export interface HostSettings {
  readonly databaseUrl: string;
  readonly schema: string;
  readonly githubUrl: string;
  /** Where a child dies by its own hand; null for one that is killed from outside. */
  readonly death: Death | null;
}

/** Before or after the n-th call of a kind. */
export interface Death {
  readonly call: "claim" | "commit" | "find" | "fetch";
  readonly when: "before" | "after";
  readonly number: number;
}

export const leaseMs = 8_000;
const createGraceMs = 3_000;

export const providers: readonly [ReturnType<typeof createGitHubProvider>] = [createGitHubProvider()];

/** One process of the host over the storage. */
export function createHost(storage: Storage, fetch: typeof globalThis.fetch): Backref<typeof providers> {
  return createBackref({
    storage,
    providers,
    secretKeys: [{ id: "test", key: Buffer.alloc(32, 7).toString("base64") }],
    allowPrivateAddresses: true,
    fetch,
    limits: { leaseMs, createGraceMs, pollIntervalMs: 500, requestTimeoutMs: 1_500 },
  });
}
