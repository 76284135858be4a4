import { type Backref, BackrefError, createBackref, type SecretKey } from "@backref/core";
import { createGitHubProvider } from "@backref/provider-github";
import { createPostgresStorage, type PostgresStorageOptions } from "@backref/storage-postgres";

export interface HostSettings {
  readonly pool: PostgresStorageOptions["pool"];
  readonly secretKeys: readonly SecretKey[];
  /** The tracker may stand in a private network, as a fake one on this machine does. */
  readonly allowPrivateAddresses: boolean;
}

/** Backref as both processes make it, the one that serves and the one that works: the same database, the same keys. */
export function createHostBackref({ pool, secretKeys, allowPrivateAddresses }: HostSettings): Backref {
  return createBackref({
    storage: createPostgresStorage({ pool }),
    providers: [createGitHubProvider()],
    secretKeys,
    allowPrivateAddresses,
    // So seldom that whatever shows here within seconds came by a webhook. A host leaves it out.
    limits: { pollIntervalMs: 3_600_000 },
  });
}

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** What the routes of every framework are made of. */
export interface Host {
  readonly webhooks: Backref["webhooks"];
  /** What `POST /defects` does with the JSON it got. */
  reportDefect(draft: unknown): Promise<Answer>;
}

/** @param actor whoever is signed in; one person here, since this host has no sign-in */
export function createHost(backref: Backref, actor: Parameters<Backref["as"]>[0]): Host {
  return {
    webhooks: backref.webhooks,
    async reportDefect(draft) {
      const { defects } = backref.as(actor);
      try {
        // Parsed by Backref: what is wrong with it is told with its place.
        const defect = await defects.create(draft as Parameters<typeof defects.create>[0]);
        const link = await defects.push(defect.id);
        return { status: 201, body: { id: defect.id, status: link.status, issue: link.issue?.key ?? null } };
      } catch (error) {
        if (!BackrefError.isInstance(error)) throw error;
        return { status: 400, body: { code: error.code, message: error.message } };
      }
    },
  };
}
