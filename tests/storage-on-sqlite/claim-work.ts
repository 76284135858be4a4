import type { ClaimRequest, WorkTableName } from "@backref/core/storage";
import type { Database } from "./database.ts";
import { type Document, readDocument, writeDocument } from "./documents.ts";

/** Work whose source can run, with the moment until which its budget is blocked. `now` is the storage's clock. */
export const runnable = (table: WorkTableName) => `
  FROM "${table}" AS work
  JOIN "source" ON "source"."tenantId" = work."tenantId" AND "source"."id" = work."sourceId"
  LEFT JOIN "budget" ON "budget"."tenantId" = work."tenantId" AND "budget"."id" = "source"."budgetId"
  WHERE work."endedAt" IS NULL AND work."pausedAt" IS NULL
    AND "source"."enabled" AND "source"."health" <> 'reconnect-required'`;

/** `place` is a row's place among those of its source: first all first ones, then all second ones. */
const pick = (table: WorkTableName, which: string) => `
  WITH due AS (
    SELECT work."tenantId", work."id", work."sourceId", work."dueAt", row_number() OVER (
      PARTITION BY work."tenantId", work."sourceId" ORDER BY work."dueAt" NULLS LAST, work."id"
    ) AS place
    ${runnable(table)}
      AND coalesce(work."leaseUntil", 0) <= :now AND coalesce("budget"."blockedUntil", 0) <= :now AND ${which}
  )
  SELECT due."tenantId", due."id", due."sourceId" FROM due
  LEFT JOIN "turn" ON "turn"."workTable" = '${table}'
    AND "turn"."tenantId" = due."tenantId" AND "turn"."sourceId" = due."sourceId"
  WHERE due.place <= :limitPerSource
  ORDER BY due.place, coalesce("turn"."number", 0), due."dueAt" NULLS LAST, due."tenantId", due."id"
  LIMIT :limit`;

export function claimWork(
  database: Database,
  now: number,
  { table, owner, leaseMs, limit, limitPerSource, only }: ClaimRequest<WorkTableName>,
): readonly Document[] {
  const limits = { now, limit, limitPerSource };
  const picked =
    only === undefined
      ? database.all(pick(table, `work."dueAt" <= :now`), limits)
      : database.all(pick(table, `work."tenantId" = :tenantId AND work."id" IN (SELECT value FROM json_each(:ids))`), {
          ...limits,
          tenantId: only.tenantId,
          ids: JSON.stringify(only.ids),
        });
  return picked.flatMap((found) => {
    const tenantId = String(found["tenantId"]);
    const row = readDocument(database, table, tenantId, String(found["id"]));
    if (row === null) return [];
    const claimed = { ...row, fence: Number(row["fence"]) + 1, leaseOwner: owner, leaseUntil: now + leaseMs };
    writeDocument(database, table, claimed);
    takeTurn(database, table, tenantId, String(found["sourceId"]));
    return [claimed];
  });
}

/** Puts the source behind all others, so that small claims take turns as well as one big claim does. */
function takeTurn(database: Database, table: WorkTableName, tenantId: string, sourceId: string): void {
  database.all(
    `INSERT INTO "turn" SELECT :table, :tenantId, :sourceId, coalesce(max("number"), 0) + 1 FROM "turn" WHERE true
     ON CONFLICT DO UPDATE SET "number" = excluded."number"`,
    { table, tenantId, sourceId },
  );
}

export function nextDueInMs(database: Database, now: number, table: WorkTableName): number | null {
  const moment = `max(work."dueAt", coalesce(work."leaseUntil", 0), coalesce("budget"."blockedUntil", 0))`;
  const found = database.all(`SELECT min(${moment}) AS moment ${runnable(table)} AND work."dueAt" IS NOT NULL`)[0];
  const next = found?.["moment"] ?? null;
  return next === null ? null : Math.max(0, Number(next) - now);
}
