import type { ActivityRow, SourceRow, StorageSystem } from "@backref/core/storage";
import type { Parameters as Bound, Database } from "./database.ts";
import { parseDocument } from "./documents.ts";

export function sourceByEndpoint(database: Database, endpoint: string): SourceRow | null {
  return read<SourceRow>(database, `FROM "source" WHERE "endpoint" = :endpoint`, { endpoint })[0] ?? null;
}

export function sourcesByAppScope(
  database: Database,
  { providerId, appScope }: { readonly providerId: string; readonly appScope: string },
): readonly SourceRow[] {
  const where = `FROM "source" WHERE "providerId" = :providerId AND "appScope" = :appScope ORDER BY "tenantId", "id"`;
  return read(database, where, { providerId, appScope });
}

export function readActivity(
  database: Database,
  { after, limit }: { readonly after: number; readonly limit: number },
): readonly ActivityRow[] {
  return read(database, `FROM "activity" WHERE "sequence" > :after ORDER BY "sequence" LIMIT :limit`, { after, limit });
}

/** The old ones, then what a source has too many of. Answers how many are gone. */
export function prune(
  database: Database,
  { deliveriesBefore, deliveriesPerSource, limit }: Parameters<StorageSystem["prune"]>[0],
): number {
  const remove = (found: string, parameters: Bound) =>
    database.all(
      `DELETE FROM "delivery" WHERE rowid IN (${found} ORDER BY "receivedAt" LIMIT :limit) RETURNING 1`,
      parameters,
    ).length;
  const old = remove(`SELECT rowid FROM "delivery" WHERE "receivedAt" < :deliveriesBefore`, {
    deliveriesBefore,
    limit,
  });
  if (deliveriesPerSource === undefined) return old;
  const ranked = `SELECT rowid AS "row", "receivedAt", row_number() OVER (
    PARTITION BY "tenantId", "sourceId" ORDER BY "receivedAt" DESC, "id" DESC) AS "rank" FROM "delivery"`;
  const crowded = `SELECT "row" FROM (${ranked}) WHERE "rank" > :deliveriesPerSource`;
  return old + remove(crowded, { deliveriesPerSource, limit: limit - old });
}

function read<Found>(database: Database, from: string, parameters: Bound): readonly Found[] {
  return database.all(`SELECT "document" ${from}`, parameters).map((found) => parseDocument(found) as unknown as Found);
}
