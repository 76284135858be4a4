import { generateSecretKey } from "@backref/core";
import { createFakeGitHub, type FakeGitHub } from "@backref/testing/github";
import { createTables } from "../../src/create-tables.ts";
import type { Database } from "../../src/database.ts";
import { createHostBackref, type HostBackref } from "../../src/host-backref.ts";
import { createTrackedBugs, type TrackedBugs } from "../../src/tracked-bugs.ts";

export const ann = { tenantId: "acme", userId: "ann", displayName: "Ann", role: "owner" } as const;

export interface World {
  readonly database: Database;
  readonly backref: HostBackref;
  readonly github: FakeGitHub;
  readonly bugs: TrackedBugs;
  /** Works until nothing is due any more. */
  quiet(): Promise<void>;
}

/** An empty host with a source. */
export async function createWorld(database: Database): Promise<World> {
  await createTables(database);
  const github = createFakeGitHub({ repositories: ["acme/shop"] });
  const backref = createHostBackref({
    database,
    secretKeys: [{ id: "test", key: generateSecretKey() }],
    fetch: github.fetch,
  });
  await backref.migrate();
  await backref.as(ann).sources.create({
    name: "GitHub",
    provider: "github",
    auth: { type: "token", token: github.token },
    targets: [{ projectId: "shop", container: "acme/shop" }],
  });
  return {
    database,
    backref,
    github,
    bugs: createTrackedBugs(database, backref),
    async quiet() {
      while ((await backref.sync.run()).processed > 0);
    },
  };
}
