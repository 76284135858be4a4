import type { StorageSystem } from "@backref/core/storage";
import type { Database } from "./database.ts";

type ClaimConsumer = Parameters<StorageSystem["claimConsumer"]>[0];
type CommitConsumer = Parameters<StorageSystem["commitConsumer"]>[0];

export function claimConsumer(
  database: Database,
  now: number,
  { name, owner, leaseMs }: ClaimConsumer,
): { readonly cursor: number; readonly fence: number } | null {
  const claimed = database.all(
    `INSERT INTO "consumer" VALUES (:name, 0, 1, :owner, :leaseUntil)
     ON CONFLICT DO UPDATE SET "fence" = "fence" + 1, "owner" = excluded."owner", "leaseUntil" = excluded."leaseUntil"
       WHERE "leaseUntil" IS NULL OR "leaseUntil" <= :now
     RETURNING "cursor", "fence"`,
    { name, owner, leaseUntil: now + leaseMs, now },
  )[0];
  return claimed === undefined ? null : { cursor: Number(claimed["cursor"]), fence: Number(claimed["fence"]) };
}

export function commitConsumer(
  database: Database,
  now: number,
  { name, fence, cursor, leaseMs }: CommitConsumer,
): boolean {
  const leaseUntil = leaseMs === null ? null : now + leaseMs;
  const moved = database.all(
    `UPDATE "consumer" SET "cursor" = :cursor, "leaseUntil" = :leaseUntil
     WHERE "name" = :name AND "fence" = :fence RETURNING "name"`,
    { name, fence, cursor, leaseUntil },
  );
  return moved.length > 0;
}
