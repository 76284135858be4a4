import type {
  ActivityRow,
  ClaimRequest,
  ClaimResult,
  ReserveResult,
  SourceRow,
  StorageSystem,
  WorkTableName,
} from "@backref/core/storage";
import type { Database } from "../connection/database.ts";
import { columnList, jsonOf, placed } from "../find/find-rows.ts";
import { snakeCase } from "../schema/physical-tables.ts";
import { readOverview } from "./overview.ts";
import { pruneDeliveries } from "./prune-deliveries.ts";

/** The calls that span tenants. */
export function createSystemCalls(database: Database): StorageSystem {
  const { schema } = database;
  const rows = async <Found>(operation: string, statement: string, values: readonly unknown[]) =>
    (await database.run(operation, jsonOf(statement), values)) as readonly Found[];
  const sources = (condition: string, values: readonly unknown[]) => {
    const place = placed(schema, "source");
    const statement = `SELECT ${columnList("source", place)} FROM ${place.from} WHERE ${condition} ORDER BY t.tenant_id, t.id`;
    return rows<SourceRow>("system.sources", statement, values);
  };
  return {
    claim: (request) => claimRows(database, request),
    async nextDueInMs(table) {
      const statement = `SELECT ${schema}.next_due_${snakeCase(table)}()::text AS answer`;
      return (await database.run("system.nextDueInMs", statement, [])) as number | null;
    },
    async sourceByEndpoint(endpoint) {
      const [source] = await sources("t.endpoint = $1", [endpoint]);
      return source ?? null;
    },
    sourcesByAppScope: ({ providerId, appScope }) =>
      sources("t.provider_id = $1 AND t.app_scope = $2", [providerId, appScope]),
    async readActivity({ after, limit }) {
      const statement = `SELECT ${schema}.read_activity($1, $2)::text AS answer`;
      return (await database.run("system.readActivity", statement, [after, limit])) as readonly ActivityRow[];
    },
    async claimConsumer({ name, owner, leaseMs }) {
      const statement = `SELECT cursor_at AS cursor, fence_now AS fence FROM ${schema}.claim_consumer($1, $2, $3)`;
      const [claimed] = await rows<{ readonly cursor: number; readonly fence: number }>(
        "system.claimConsumer",
        statement,
        [name, owner, Math.round(leaseMs)],
      );
      return claimed ?? null;
    },
    async commitConsumer({ name, fence, cursor, leaseMs }) {
      const statement = `WITH moved AS (
        UPDATE ${schema}.consumer SET cursor = $3, lease_until = ${schema}.storage_now() + $4::bigint
        WHERE name = $1 AND fence = $2 RETURNING name
      ) SELECT count(*)::text AS answer FROM moved`;
      const values = [name, fence, cursor, leaseMs === null ? null : Math.round(leaseMs)];
      return (await database.run("system.commitConsumer", statement, values)) === 1;
    },
    async installation({ id, takeOver }) {
      const statement = `INSERT INTO ${schema}.installation AS i (id) VALUES ($1) ON CONFLICT (single) DO UPDATE SET
        id = CASE WHEN $2 THEN excluded.id ELSE i.id END, since = CASE WHEN $2 AND i.id <> excluded.id THEN now() ELSE i.since END
        RETURNING to_json(id)::text AS answer`;
      return (await database.run("system.installation", statement, [id, takeOver])) as string;
    },
    async reserve({ tenantId, budgetId, windows, items }) {
      const statement = `SELECT ${schema}.reserve($1, $2, $3, $4)::text AS answer`;
      const values = [tenantId, budgetId, JSON.stringify(windows), JSON.stringify(items)];
      return (await database.run("system.reserve", statement, values)) as ReserveResult;
    },
    overview: ({ limit }) => readOverview(database, limit),
    prune: (request) => pruneDeliveries(database, request),
  };
}

async function claimRows<Table extends WorkTableName>(
  database: Database,
  request: ClaimRequest<Table>,
): Promise<ClaimResult<Table>> {
  const { schema } = database;
  const { table, owner, limit, limitPerSource, only } = request;
  const name = snakeCase(table);
  const leaseMs = Math.round(request.leaseMs);
  const claim =
    only === undefined
      ? { call: `${schema}.claim_${name}($1, $2, $3, $4)`, values: [owner, leaseMs, limit, limitPerSource] }
      : {
          call: `${schema}.claim_named_${name}($1, $2, $3, $4, $5, $6)`,
          values: [only.tenantId, only.ids, owner, leaseMs, limit, limitPerSource],
        };
  // The function's writes are not seen by the statement that calls it, so it hands the rows over itself.
  const statement = `SELECT ${claim.call}::text AS answer`;
  return (await database.run("system.claim", statement, claim.values)) as ClaimResult<Table>;
}
