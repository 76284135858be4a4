import { readFileSync } from "node:fs";
import type { CommitUnit, Row, Storage, TableName } from "@backref/core/storage";
import { sampleId, sampleRow, sampleTenantId as tenantId } from "@backref/testing";
import { PGlite } from "@electric-sql/pglite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { writesOf } from "../src/commit/physical-writes.ts";
import { createPostgresStorage, exportMigrations } from "../src/index.ts";
import { migrations, schemaVersion } from "../src/migrations/index.ts";
import { tableNames, tablePlace } from "../src/schema/physical-tables.ts";

let pool: PGlite;
beforeAll(async () => {
  pool = await PGlite.create();
}, 60_000);
afterAll(() => pool.close());

const scope = { tenantId };
const id = sampleId(1);

/** Columns with more in them than the samples have. */
const overrides: { readonly [Table in TableName]?: Partial<Row<Table>> } = {
  // Versions before the fourth, and the sixth, do not have these.
  source: {
    features: null,
    issueMaxAgeMs: null,
    caCertificate: null,
    // Nor those before the tenth these.
    bulkGuardChanges: null,
    heldSince: null,
    heldReason: null,
    guardEpoch: 0,
    guardAnswers: [],
  },
  // Nor versions before the eighth these.
  target: { missingFields: null },
  // Nor those before the ninth these; the one account that a user had was the one to assign by.
  identity: { login: null, avatarUrl: null, preferred: 1 },
  defect: { description: 'It\'s "$1" \\ ü \u{1F41E}', changedAt: { title: 5 }, assignee: "ada" },
  pollScope: { cursor: "c-1", dueAt: 5, mark: 3 },
  link: {
    issueId: id,
    targetId: id,
    dueAt: 7,
    mark: 2,
    checkIssue: true,
    syncedAt: 9,
    frozen: ["title"],
    fields: {},
    attachments: [],
    heldEpoch: null,
  },
  commentLink: { commentId: id, seenVersion: 4 },
  activity: { defectId: id, linkId: id },
};

function rowOf<Table extends TableName>(table: Table): Row<Table> {
  return sampleRow(table, overrides[table] as Partial<Row<Table>> | undefined);
}

/** A row in every table that the version has, put there by the version's own functions. */
async function fill(schema: string, tables: readonly TableName[]): Promise<void> {
  for (const table of tables) {
    const insert = { type: "insert", table, row: rowOf(table) } as unknown as CommitUnit["write"][number];
    for (const write of writesOf(tenantId, insert, 0)) {
      await pool.query(`SELECT ${schema}.insert_${write.table}($1::jsonb)`, [JSON.stringify([write.row])]);
    }
  }
  await pool.exec(`
    INSERT INTO ${schema}.consumer (name, cursor, fence, owner, lease_until) VALUES ('mail', 0, 4, 'w', NULL);
    INSERT INTO ${schema}.installation (id) VALUES ('production');
    INSERT INTO ${schema}.source_turn (tenant_id, source_id, kind, turn) VALUES ('${tenantId}', '${id}', 'link', 17);
  `);
}

type Snapshot = Readonly<Record<string, readonly unknown[]>>;

async function snapshotOf(schema: string): Promise<Snapshot> {
  const tables = await pool.query<{ readonly name: string }>(
    "SELECT tablename AS name FROM pg_tables WHERE schemaname = $1 AND tablename <> 'migration'",
    [schema],
  );
  const snapshot: Record<string, readonly unknown[]> = {};
  for (const { name } of tables.rows) {
    const { rows } = await pool.query<{ readonly row: unknown }>(`SELECT to_jsonb(t) AS row FROM ${schema}.${name} t`);
    snapshot[name] = rows.map(({ row }) => row);
  }
  return snapshot;
}

/** What an engine does with what it finds. */
async function workWith(storage: Storage): Promise<void> {
  const { system } = storage;
  const claim = { owner: "w", leaseMs: 60_000, limit: 10, limitPerSource: 10 } as const;
  expect(await system.nextDueInMs("link")).toBe(0);
  const [link] = (await system.claim({ ...claim, table: "link" })).rows;
  const [pollScope] = (await system.claim({ ...claim, table: "pollScope" })).rows;
  if (link === undefined || pollScope === undefined) throw new TypeError("A link and a poll scope were due.");
  expect(link).toEqual({ ...rowOf("link"), leaseOwner: "w", leaseUntil: link.leaseUntil, fence: 1 });

  const release = { type: "release", fence: 1, nextAfterMs: null } as const;
  const commentLink = rowOf("commentLink");
  const outcomes = await storage.commit(scope, [
    {
      require: [{ table: "link", id, match: { active: 1, fence: 1 } }],
      write: [
        { ...release, table: "link", id, seenMark: link.mark, set: { seenVersion: 8 } },
        { type: "update", table: "defect", id, set: { title: "New", revision: 2 } },
        { type: "insert", table: "activity", row: sampleRow("activity", { id: sampleId(2) }) },
      ],
    },
    { write: [{ ...release, table: "pollScope", id, seenMark: pollScope.mark, set: { cursor: "c-2" } }] },
    { write: [{ type: "put", table: "commentLink", row: { ...commentLink, seenVersion: 5 } }] },
    { write: [{ type: "insert", table: "delivery", row: rowOf("delivery"), ifExists: "skip" }] },
    { write: [{ type: "delete", table: "conflict", id }] },
    { write: [{ type: "block", budgetId: id, forMs: 1_000, reason: "rate limit" }] },
    { write: [{ type: "mark", table: "link", by: "issue", keys: [[id, 1]], afterMs: 60_000, checkComments: true }] },
  ]);
  expect(outcomes.map((outcome) => (outcome.status === "committed" ? outcome.skipped : outcome))).toEqual([
    0, 0, 0, 1, 0, 0, 0,
  ]);
  const [found] = await storage.find(scope, { table: "link", by: "defectSource", keys: [[id, id, 1]] });
  expect(found).toMatchObject({ leaseOwner: null, mark: 3, seenVersion: 8, checkIssue: false, checkComments: true });

  expect((await system.readActivity({ after: 0, limit: 10 })).map((row) => row.id)).toEqual([id, sampleId(2)]);
  expect(await system.claimConsumer({ name: "mail", owner: "w", leaseMs: 1_000 })).toEqual({ cursor: 0, fence: 5 });
  expect(await system.commitConsumer({ name: "mail", fence: 5, cursor: 2, leaseMs: null })).toBe(true);
  expect(await system.installation({ id: "staging", takeOver: false })).toBe("production");
  expect((await system.sourceByEndpoint(rowOf("source").endpoint))?.id).toBe(id);
  const windows = [{ name: "points", windowMs: 60_000, limit: 1 }];
  const items = [{ amounts: [1], share: 1 }];
  expect((await system.reserve({ tenantId, budgetId: id, windows, items })).waits).toEqual([0]);
  expect(await system.prune({ deliveriesBefore: Number.MAX_SAFE_INTEGER, limit: 10 })).toBe(1);
}

describe.each(migrations.slice(0, -1))("data of version $version ($name)", ({ version }) => {
  test("is the same in the newest version, and can be worked with", async () => {
    const schema = `from_version_${version}`;
    for (const { sql } of exportMigrations({ schema }).slice(0, version)) await pool.exec(sql);
    const empty = await snapshotOf(schema);
    const known = tableNames.filter((table) => tablePlace(table).main.name in empty);
    await fill(schema, known);
    const before = await snapshotOf(schema);
    for (const [table, rows] of Object.entries(before)) expect(rows, table).toHaveLength(1);

    const storage = createPostgresStorage({ pool, schema });
    await storage.migrate();
    const { rows } = await pool.query(`SELECT max(version) AS version FROM ${schema}.migration`);
    expect(rows).toEqual([{ version: schemaVersion }]);
    expect(await snapshotOf(schema)).toMatchObject(before);
    for (const table of known) {
      const [row] = await storage.find(scope, { table, by: "id", keys: [[id]] });
      expect(row, table).toEqual(table === "activity" ? { ...rowOf(table), sequence: 1 } : rowOf(table));
    }
    await workWith(storage);
  });
});

test("the statements of docs/hosting/tenants.md remove every row of a tenant, and no other row", async () => {
  const schema = "tenants";
  for (const { sql } of exportMigrations({ schema })) await pool.exec(sql);
  await fill(schema, tableNames);
  const full = await snapshotOf(schema);
  const isOfTenant = (row: unknown) => (row as { readonly tenant_id?: string }).tenant_id === tenantId;
  const ofTenant = Object.entries(full).filter(([, rows]) => rows.some(isOfTenant));
  expect(ofTenant.length).toBeGreaterThan(18);

  const page = readFileSync(new URL("../../../docs/hosting/tenants.md", import.meta.url), "utf8");
  const statements = /```sql\n([\s\S]*?)```/.exec(page)?.[1] ?? "";
  await pool.exec(statements.replaceAll("backref.", `${schema}.`).replaceAll("'acme'", "'another tenant'"));
  expect(await snapshotOf(schema)).toEqual(full);

  await pool.exec(statements.replaceAll("backref.", `${schema}.`).replaceAll("'acme'", `'${tenantId}'`));
  const left = Object.entries(await snapshotOf(schema)).filter(([, rows]) => rows.some(isOfTenant));
  expect(left).toEqual([]);
});
