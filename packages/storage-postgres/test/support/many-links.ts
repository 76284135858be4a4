import type { PostgresPool } from "../../src/index.ts";

export const manyLinksTenantId = "acme";

/** Sources, issues and as many links as asked for, all due, without going through the storage. */
export async function insertLinks(
  pool: PostgresPool,
  schema: string,
  request: { readonly first: number; readonly count: number; readonly sources: number },
): Promise<void> {
  const { first, count, sources } = request;
  const values = [first, first + count - 1, sources];
  await pool.query(
    `INSERT INTO ${schema}.source SELECT '${manyLinksTenantId}', 'source-' || n, 'Source ' || n, 'github', 'https://tracker.example.com',
      '{}', null, null, null, null, true, 'ok', null, 0, 'budget-' || n, 1, null, '{}', 1, 'endpoint-' || n, null, 0, 0, 1
    FROM generate_series(0, $1::integer - 1) n ON CONFLICT DO NOTHING`,
    [sources],
  );
  await pool.query(
    `INSERT INTO ${schema}.issue SELECT '${manyLinksTenantId}', 'issue-' || lpad(n::text, 9, '0'), 'source-' || n % $3::integer, 'remote-' || n, 'acme/web#' || n, '{}',
      'acme/web', n::text, '#' || n, 'https://tracker.example.com/' || n, 'live', null, 1, 1
    FROM generate_series($1::integer, $2::integer) n`,
    values,
  );
  await pool.query(
    `INSERT INTO ${schema}.defect SELECT '${manyLinksTenantId}', 'defect-' || lpad(n::text, 9, '0'), 'web', 'Defect ' || n, 'Steps', 'open', null, null, 1, '{}', '{}', null, 1, 1
    FROM generate_series($1::integer, $2::integer) n`,
    values.slice(0, 2),
  );
  await pool.query(
    `INSERT INTO ${schema}.link SELECT '${manyLinksTenantId}', 'link-' || lpad(n::text, 9, '0'), 'defect-' || lpad(n::text, 9, '0'), 'web', 'source-' || n % $3::integer, null,
      'issue-' || lpad(n::text, 9, '0'), 'token-' || n, 1, 1, 1, 0, null, 1, null, null,
      '{"title": {"local": "Login fails", "remote": "Login fails"}}', null, '[]', '[]', '{}', '{}', '{}', null, 1, 1
    FROM generate_series($1::integer, $2::integer) n`,
    values,
  );
  await pool.query(
    `INSERT INTO ${schema}.link_work SELECT '${manyLinksTenantId}', 'link-' || lpad(n::text, 9, '0'), 'source-' || n % $3::integer, 1, n, null, null, 1, null, null, true, false, 0
    FROM generate_series($1::integer, $2::integer) n`,
    values,
  );
  await pool.query(`ANALYZE`);
}
