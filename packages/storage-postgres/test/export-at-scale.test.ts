import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { createBackref } from "@backref/core";
import { startServer, type TestServer } from "backref-postgres-server";
import type { Pool } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createPostgresStorage } from "../src/index.ts";
import type { ExportReport } from "./support/export-process.ts";
import { insertLinks } from "./support/many-links.ts";
import { rowsUsed } from "./support/rows-used.ts";

/** `BACKREF_REFERENCES=1000000` for the deep one. */
const references = Number(process.env["BACKREF_REFERENCES"] ?? 50_000);
/** So many that it never pays to read a table from one end to the other for a batch. */
const issues = Math.max(20_000, references / 10);
const schema = "exported";
const mebibyte = 1_048_576;
/** What a collector leaves lying about differs from run to run; what is kept of 50,000 references is half as much again. */
const mostGrowthMebibytes = 20;
const run = promisify(execFile);

let server: TestServer;
let pool: Pool;
beforeAll(async () => {
  server = await startServer();
  // One connection, so that what it did is counted once it says so.
  pool = server.createPool({ max: 1 });
  await createPostgresStorage({ pool, schema }).migrate();
  await insertLinks(pool, schema, { first: 0, count: issues, sources: 5 });
  const snapshot = `jsonb_build_object('remoteId', remote_id, 'container', container, 'item', item, 'title', 'Total is wrong in ' || display_key,
    'body', repeat('Steps to see it. ', 20), 'state', '{"id": "open", "name": "Open", "category": "open", "reason": null}'::jsonb, 'priority', null,
    'labels', '["priority:high", "shop"]'::jsonb, 'type', null, 'assignees', '[{"id": "1", "login": "lena", "displayName": "Lena"}]'::jsonb,
    'author', null, 'createdAt', 1, 'updatedAt', 1, 'version', 1, 'commentCount', 0, 'raw', null)`;
  await pool.query(`UPDATE ${schema}.issue SET snapshot = ${snapshot}`);
  const of = (project: string, prefix: string, count: number) =>
    `INSERT INTO ${schema}.reference SELECT 'acme', '${prefix}' || lpad(n::text, 9, '0'), 'test-case', 'TC-' || n, '${project}', 'relates-to',
      'issue-' || lpad((n % ${issues})::text, 9, '0'), 'source-' || n % 5, 'max', 1 FROM generate_series(1, ${count}) n`;
  await pool.query(of("web", "r", references));
  // Of another project, and all of them behind those.
  await pool.query(of("late", "s", 2_000).replaceAll("'TC-'", "'TS-'"));
  await pool.query("VACUUM ANALYZE");
}, 1_800_000);
afterAll(() => server.stop());

async function exported(format: "csv" | "json", keep = ""): Promise<ExportReport> {
  const script = fileURLToPath(new URL("support/export-process.ts", import.meta.url));
  const args = ["--expose-gc", script, server.url, schema, format, String(references), keep];
  const { stdout } = await run(process.execPath, args, { maxBuffer: 10 * mebibyte });
  return JSON.parse(stdout) as ExportReport;
}

/**
 * How much more memory was in use after the first fifth of the way than by then. What the process has from the system rises
 * and falls with the collector's mood; it has a bound of its own.
 */
function growthMebibytes({ usedBytes }: ExportReport): number {
  const warm = Math.ceil(usedBytes.length / 5);
  return (Math.max(...usedBytes.slice(warm)) - Math.max(...usedBytes.slice(0, warm))) / mebibyte;
}

describe(`an export of ${references} references`, () => {
  test.each([
    ["csv", references + 1],
    ["json", references + 2],
  ] as const)(
    "as %s keeps no more in memory at its end than at its beginning",
    async (format, lines) => {
      const report = await exported(format);
      const peak = Math.max(...report.rssBytes) / mebibyte;
      process.stdout.write(
        `${format}: ${references} references, ${Math.round(report.bytes / mebibyte)} MiB, ${Math.round(report.ms)} ms, peak ${Math.round(peak)} MiB, growth after the first fifth ${growthMebibytes(report).toFixed(1)} MiB\n`,
      );
      expect(report.lines).toBe(lines);
      expect(report.rssBytes.length).toBeGreaterThanOrEqual(45);
      expect(growthMebibytes(report)).toBeLessThan(mostGrowthMebibytes);
      expect(peak).toBeLessThan(400);
    },
    900_000,
  );

  test("would be seen to keep what it has sent", async () => {
    const report = await exported("json", "keep");
    expect(growthMebibytes(report)).toBeGreaterThan(mostGrowthMebibytes);
  }, 3_600_000);

  test("reads by indexes, a constant number of rows per reference, wherever they are", async () => {
    const backref = createBackref({ storage: createPostgresStorage({ pool, schema }), providers: [] });
    const app = backref.as({ tenantId: "acme", userId: "max", projects: { late: "viewer", web: "viewer" } });
    const exportLate = async () => {
      const document = await app.traceability.exportReferences({ projectId: "late", format: "csv" });
      expect((await document.response().text()).split("\r\n")).toHaveLength(2_002);
    };
    const { sequential, rowsRead } = await rowsUsed(pool, schema, exportLate);
    expect(sequential).toEqual({});
    // The reference, its issue, the issue's link in its two tables.
    expect(rowsRead).toBeLessThan(2_000 * 8);
  });

  test("and so do coverage and what to run again, over objects of the host's", async () => {
    const backref = createBackref({ storage: createPostgresStorage({ pool, schema }), providers: [] });
    const app = backref.as({ tenantId: "acme", userId: "max", projects: { late: "viewer" } });
    const objects = Array.from({ length: 2_000 }, (_, index) => {
      return { type: "test-case", id: `TS-${index + 1}`, outcome: "failed", at: 2 } as const;
    });
    const coverage = await rowsUsed(pool, schema, async () => {
      const { totals } = await app.traceability.coverage({ projectId: "late", objects });
      expect(totals).toMatchObject({ issues: 2_000, failing: 2_000, objects: 2_000, objectsWithoutIssue: 0 });
    });
    expect(coverage.sequential).toEqual({});
    // The project's references, those of each object.
    expect(coverage.rowsRead).toBeLessThan(2_000 * 4);
    const retest = await rowsUsed(pool, schema, async () => {
      for await (const candidate of app.traceability.retestCandidates({ projectId: "late", objects })) {
        expect(candidate).toBeUndefined();
      }
    });
    expect(retest.sequential).toEqual({});
    expect(retest.rowsRead).toBeLessThan(2_000 * 4);
  });
});
