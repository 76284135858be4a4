import type { StorageSystem } from "@backref/core/storage";
import type { Database } from "./database.ts";

/** Whose data this is: the first who said so, or the last who took it over. */
export function installation(
  database: Database,
  { id, takeOver }: Parameters<StorageSystem["installation"]>[0],
): string {
  const onConflict = takeOver ? `UPDATE SET "id" = excluded."id"` : "NOTHING";
  database.all(`INSERT INTO "installation" VALUES (1, :id) ON CONFLICT DO ${onConflict}`, { id });
  return String(database.all(`SELECT "id" FROM "installation"`, {})[0]?.["id"]);
}
