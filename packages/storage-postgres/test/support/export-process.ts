import { createBackref, type Reference } from "@backref/core";
import { Pool } from "pg";
import { createPostgresStorage } from "../../src/index.ts";

/** What a process that exports everything of a project tells when it has ended. */
export interface ExportReport {
  readonly bytes: number;
  readonly lines: number;
  readonly ms: number;
  /** Memory of the process as it went on, bytes, after a collection each; the first when a fiftieth was out. */
  readonly rssBytes: readonly number[];
  /** The same, of what is in use: the heap and what it holds outside. */
  readonly usedBytes: readonly number[];
}

const [url = "", schema = "", format = "csv", references = "0", keep = ""] = process.argv.slice(2);
const samples = 50;
const expected = Number(references);
const pool = new Pool({ connectionString: url, max: 4 });
const backref = createBackref({ storage: createPostgresStorage({ pool, schema }), providers: [] });
const app = backref.as({ tenantId: "acme", userId: "max", projects: { web: "viewer" } });
const request = { projectId: "web" } as const;
const document = await app.traceability.exportReferences(
  format === "json" ? { ...request, format } : { ...request, format: "csv" },
);

const started = performance.now();
const rssBytes: number[] = [];
const usedBytes: number[] = [];
const kept: (Uint8Array | Reference)[] = [];
let bytes = 0;
let lines = 0;
const reader = document.stream().getReader();
for (let next = await reader.read(); !next.done; next = await reader.read()) {
  bytes += next.value.byteLength;
  for (const byte of next.value) if (byte === 10) lines += 1;
  // What a mistaken implementation would do, so that the test can show that it would see it.
  if (keep !== "") kept.push(next.value);
  if (lines < ((rssBytes.length + 1) * expected) / samples) continue;
  (globalThis as { gc?: () => void }).gc?.();
  const { rss, heapUsed, external } = process.memoryUsage();
  rssBytes.push(rss);
  usedBytes.push(heapUsed + external);
}
const report: ExportReport = { bytes, lines, ms: performance.now() - started, rssBytes, usedBytes };
process.stdout.write(JSON.stringify(report));
await pool.end();
