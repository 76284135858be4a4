import type { DueOverview, StorageOverview, WorkTableName } from "@backref/core/storage";
import { runnable } from "./claim-work.ts";
import type { Database } from "./database.ts";

export function overview(database: Database, now: number, limit: number): StorageOverview {
  const count = (from: string) =>
    Number(database.all(`SELECT count(*) AS n FROM (SELECT 1 ${from} LIMIT :limit)`, { limit })[0]?.["n"]);
  const source = (condition: string) => count(`FROM "source" WHERE ${condition}`);
  const member = (name: string) => `json_extract("document", '$.${name}')`;
  const link = (condition: string) => count(`FROM "link" WHERE ${member("active")} = 1 AND ${condition}`);
  const isFrozen = `json_array_length("document", '$.frozen') > 0`;
  const due = (table: WorkTableName): DueOverview => {
    const ready = `${runnable(table)} AND work."dueAt" <= ${now} AND coalesce(work."leaseUntil", 0) <= ${now}
      AND coalesce("budget"."blockedUntil", 0) <= ${now}`;
    const oldest = database.all(`SELECT min(work."dueAt") AS moment ${ready}`, {})[0]?.["moment"] ?? null;
    return { count: count(ready), oldestForMs: oldest === null ? null : now - Number(oldest) };
  };
  const lastDeliveryAt = database.all(`SELECT max("receivedAt") AS moment FROM "delivery"`, {})[0]?.["moment"] ?? null;
  return {
    schema: null,
    installationId: (database.all(`SELECT "id" FROM "installation"`, {})[0]?.["id"] ?? null) as string | null,
    sources: {
      ok: source(`"enabled" AND "health" = 'ok'`),
      degraded: source(`"enabled" AND "health" = 'degraded'`),
      reconnectRequired: source(`"enabled" AND "health" = 'reconnect-required'`),
      disabled: source(`NOT "enabled"`),
    },
    heldSources: source(`"enabled" AND json_extract("document", '$.heldSince') IS NOT NULL`),
    links: {
      stopped: link(`${member("failure")} IS NOT NULL AND ${member("failure.retryAt")} IS NULL`),
      retrying: link(`${member("failure.retryAt")} IS NOT NULL`),
      frozen: link(`${member("failure")} IS NULL AND ${isFrozen}`),
      refused: link(
        `${member("failure")} IS NULL AND NOT (${isFrozen}) AND json_array_length("document", '$.refused') > 0`,
      ),
    },
    due: { link: due("link"), pollScope: due("pollScope") },
    lastDeliveryAt: lastDeliveryAt === null ? null : Number(lastDeliveryAt),
  };
}
