import type { ActivityRow, SourceRow } from "@backref/core/storage";
import type { Database, Parameters } from "./database.ts";
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

/** Oldest first. Answers how many are gone. */
export function prune(
  database: Database,
  { deliveriesBefore, limit }: { readonly deliveriesBefore: number; readonly limit: number },
): number {
  const old = `SELECT rowid FROM "delivery" WHERE "receivedAt" < :deliveriesBefore ORDER BY "receivedAt" LIMIT :limit`;
  return database.all(`DELETE FROM "delivery" WHERE rowid IN (${old}) RETURNING 1`, { deliveriesBefore, limit }).length;
}

function read<Found>(database: Database, from: string, parameters: Parameters): readonly Found[] {
  return database.all(`SELECT "document" ${from}`, parameters).map((found) => parseDocument(found) as unknown as Found);
}
