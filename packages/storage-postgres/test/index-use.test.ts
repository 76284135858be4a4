import {
  type AccessPath,
  type CommitUnit,
  type Storage,
  type TableDefinition,
  type TableName,
  tableDefinitions,
} from "@backref/core/storage";
import { sampleRow } from "@backref/testing";
import { startServer, type TestServer } from "backref-postgres-server";
import type { Pool } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createPostgresStorage } from "../src/index.ts";
import { tableNames } from "../src/schema/physical-tables.ts";
import { insertLinks, manyLinksTenantId as tenantId } from "./support/many-links.ts";
import { rowsUsed } from "./support/rows-used.ts";

const links = 20_000;
const schema = "crowded";

let server: TestServer;
let pool: Pool;
let storage: Storage;

beforeAll(async () => {
  server = await startServer();
  // One connection, so that what it did is counted once it says so.
  pool = server.createPool({ max: 1 });
  storage = createPostgresStorage({ pool, schema });
  await storage.migrate();
  await insertLinks(pool, schema, { first: 0, count: links, sources: 5 });
  await fillFeeds();
  await pool.query("VACUUM ANALYZE");
}, 180_000);
afterAll(async () => {
  await server.stop();
});

/** Rows of the other tables that grow, as many as there are links. */
async function fillFeeds(): Promise<void> {
  const rows = `generate_series(1, ${links}) n`;
  const own = `'${tenantId}'`;
  const statements = [
    `INSERT INTO ${schema}.reference SELECT ${own}, 'r' || n, 'test-case', 'TC-' || n, 'p' || n % 50, 'relates-to', 'issue-' || lpad((n - 1)::text, 9, '0'), 'source-' || n % 5, null, 1 FROM ${rows}`,
    `INSERT INTO ${schema}.occurrence SELECT ${own}, 'o' || n, 'defect-' || lpad((n - 1)::text, 9, '0'), 'p' || n % 50, 'TC-' || n, 'R-' || n, 'X-' || n, 'f' || n, 1 FROM ${rows}`,
    `INSERT INTO ${schema}.defect_comment SELECT ${own}, 'c' || n, 'defect-' || lpad((n - 1)::text, 9, '0'), 'Seen', 'public', null, 'Ann', null, 1, 1, 1, null FROM ${rows}`,
    `INSERT INTO ${schema}.comment_link SELECT ${own}, 'l' || n, 'link-' || lpad((n - 1)::text, 9, '0'), 'c' || n, 'rc' || n, 't' || n, 'host', null, 1, null, '[]', null, null, null, null FROM ${rows}`,
    `INSERT INTO ${schema}.conflict SELECT ${own}, 'k' || n, 'link-' || lpad((n - 1)::text, 9, '0'), 'defect-' || lpad((n - 1)::text, 9, '0'), 'title', null, null, null, 'remote', 1 FROM ${rows}`,
    `INSERT INTO ${schema}.delivery SELECT ${own}, 'd' || n, 'source-' || n % 5, 'endpoint-1', 'd' || n, 'issues', n, n % 100 <> 0, 'x' || n FROM ${rows}`,
    `INSERT INTO ${schema}.activity SELECT ${own}, 'a' || n, n, n, 'defect-updated', null, 's' || n, 'k' || n, 'd' || n, 'r' || n, '{}' FROM ${rows}`,
  ];
  for (const statement of statements) await pool.query(statement);
  await pool.query(`SELECT setval('${schema}.activity_sequence', ${links})`);
}

const useOf = (task: () => Promise<unknown>) => rowsUsed(pool, schema, task);

const scope = { tenantId };
const linkId = `link-${"5".padStart(9, "0")}`;

const paths = tableNames.flatMap((table) => {
  const { unique, indexes } = tableDefinitions[table] as unknown as TableDefinition<TableName>;
  const all = [
    ["id", ["id"]],
    ...Object.entries(unique).map(([name, { columns }]) => [name, columns]),
    ...Object.entries(indexes),
  ];
  return (all as [string, readonly string[]][]).map(([by, columns]) => ({ table, by, columns }));
});

describe("however much there is, indexes lead to what is asked for", () => {
  test.each(paths)("find $table by $by", async ({ table, by, columns }) => {
    const row = sampleRow(table) as unknown as Readonly<Record<string, string>>;
    const key = columns.map((column) => row[column] ?? "");
    const query = {
      table,
      by: by as AccessPath<TableName>,
      keys: [key, key.map((value) => (typeof value === "string" ? `${value}9` : value))],
      limit: 20,
    };
    const { sequential, rowsRead } = await useOf(() => storage.find(scope, query as never));
    expect(sequential).toEqual({});
    expect(rowsRead).toBeLessThan(200);
  });

  // Of 400 rows each, spread over the whole table.
  const lists = [
    { table: "reference", by: "project", keys: [["p7"]] },
    { table: "reference", by: "source", keys: [["source-2"]] },
  ] as const;
  test.each(lists)("a page of $table by $by reads the rows it has, wherever it begins", async (list) => {
    for (const after of [undefined, "r15", "r5"]) {
      const query = { ...list, limit: 20, ...(after === undefined ? {} : { after }) };
      const { sequential, rowsRead } = await useOf(() => storage.find(scope, query));
      expect(sequential).toEqual({});
      expect(rowsRead).toBeLessThanOrEqual(21);
    }
  });

  const release = (id: string): CommitUnit["write"][number] => {
    return { type: "release", table: "link", id, fence: 1, seenMark: 1, nextAfterMs: null, set: { seenVersion: 2 } };
  };
  const mark = { type: "mark", table: "link", afterMs: 0, checkIssue: true } as const;
  const commit = (unit: CommitUnit) => () => storage.commit(scope, [unit]);
  const latest = { table: "reference", by: "project", keys: [["p7"]], limit: 20, newestFirst: true } as const;
  const calls: Readonly<Record<string, () => Promise<unknown>>> = {
    "find a project's latest references": () => storage.find(scope, latest),
    "find those before them": () => storage.find(scope, { ...latest, after: "r15007" }),
    "claim links": () => storage.system.claim({ table: "link", owner: "w", leaseMs: 1, limit: 50, limitPerSource: 50 }),
    "claim links by name": () =>
      storage.system.claim({
        table: "link",
        owner: "w",
        leaseMs: 1,
        limit: 50,
        limitPerSource: 50,
        only: { tenantId, ids: [linkId] },
      }),
    "claim poll scopes": () =>
      storage.system.claim({ table: "pollScope", owner: "w", leaseMs: 1, limit: 50, limitPerSource: 50 }),
    "when is the next link due": () => storage.system.nextDueInMs("link"),
    "commit a release": commit({
      require: [{ table: "link", id: linkId, match: { active: 1 } }],
      write: [release(linkId)],
    }),
    "commit a release that is stale": commit({ write: [{ ...release(linkId), fence: 77 } as never] }),
    "commit an edit": commit({
      require: [{ table: "defect", id: "defect-000000007", match: { revision: 1 } }],
      write: [
        { type: "update", table: "defect", id: "defect-000000007", set: { title: "New", revision: 2 } },
        { ...mark, by: "defect", keys: [["defect-000000007"]] },
        { type: "insert", table: "activity", row: sampleRow("activity", { tenantId }) },
      ],
    }),
    "mark by issue": commit({ write: [{ ...mark, by: "issue", keys: [["issue-000000009", 1]] }] }),
    "mark by token": commit({ write: [{ ...mark, by: "token", keys: [["token-9"]] }] }),
    "mark by defect and source": commit({
      write: [{ ...mark, by: "defectSource", keys: [["defect-000000009", "source-4", 1]] }],
    }),
    "mark with reset": commit({ write: [{ ...mark, by: "issueAll", keys: [["issue-000000011"]], reset: true }] }),
    "put a comment": commit({
      write: [{ type: "put", table: "commentLink", row: sampleRow("commentLink", { tenantId, linkId, id: "l1" }) }],
    }),
    "delete an occurrence": commit({ write: [{ type: "delete", table: "occurrence", id: "o5" }] }),
    "take a delivery": commit({
      write: [{ type: "insert", table: "delivery", row: sampleRow("delivery", { tenantId }), ifExists: "skip" }],
    }),
    "read the feed": () => storage.system.readActivity({ after: links - 50, limit: 20 }),
    "find whose endpoint it is": () => storage.system.sourceByEndpoint("endpoint-3"),
    "look over everything": () => storage.system.overview({ limit: 100 }),
    "prune deliveries": () => storage.system.prune({ deliveriesBefore: 20, limit: 10 }),
  };
  test.each(Object.entries(calls))("%s", async (_name, call) => {
    await call();
    const { sequential, rowsRead } = await useOf(call);
    expect(sequential).toEqual({});
    expect(rowsRead).toBeLessThan(500);
  });

  test("a source that is stopped does not delay the others with all it has due", async () => {
    await pool.query(`UPDATE ${schema}.source SET enabled = false WHERE id = 'source-0'`);
    await pool.query(`UPDATE ${schema}.link_work SET due_at = 1, lease_until = NULL WHERE source_id = 'source-0'`);
    await pool.query("VACUUM ANALYZE");
    let sources: readonly string[] = [];
    const claim = { table: "link", owner: "w", leaseMs: 60_000, limit: 50, limitPerSource: 50 } as const;
    const { rowsRead } = await useOf(async () => {
      sources = (await storage.system.claim(claim)).rows.map(({ sourceId }) => sourceId);
    });
    expect(sources).toHaveLength(50);
    expect(sources).not.toContain("source-0");
    expect(rowsRead).toBeLessThan(500);
  });
});
