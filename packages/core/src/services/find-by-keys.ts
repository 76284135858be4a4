import { inBatches } from "../issues/read-batch.ts";
import type { Storage, StorageScope } from "../storage/storage.ts";
import type { AccessPath, Row, Scalar, TableName } from "../storage/tables.ts";

const keysPerCall = 1_000;
const rowsPerCall = 1_000;

/** Rows for any number of keys, in as few calls as the storage allows. */
export async function findByKeys<Table extends TableName>(
  storage: Storage,
  scope: StorageScope,
  table: Table,
  by: AccessPath<Table>,
  keys: readonly (readonly Scalar[])[],
): Promise<readonly Row<Table>[]> {
  const parts: (readonly Row<Table>[])[] = [];
  for (const batch of inBatches(keys, keysPerCall)) {
    parts.push(await storage.find(scope, { table, by, keys: batch }));
  }
  return parts.flat();
}

/** All rows at one key, read in parts, oldest first. */
export function findAll<Table extends TableName>(
  storage: Storage,
  scope: StorageScope,
  table: Table,
  by: AccessPath<Table>,
  key: readonly Scalar[],
): AsyncGenerator<readonly Row<Table>[], void> {
  return findAllByKeys(storage, scope, table, by, [key]);
}

/** The same at several keys, at most 1,000. */
export async function* findAllByKeys<Table extends TableName>(
  storage: Storage,
  scope: StorageScope,
  table: Table,
  by: AccessPath<Table>,
  keys: readonly (readonly Scalar[])[],
): AsyncGenerator<readonly Row<Table>[], void> {
  let after: string | undefined;
  while (keys.length > 0) {
    const rows: readonly Row<Table>[] = await storage.find(scope, {
      table,
      by,
      keys,
      limit: rowsPerCall,
      ...(after === undefined ? {} : { after }),
    });
    if (rows.length > 0) yield rows;
    if (rows.length < rowsPerCall) return;
    after = rows.at(-1)?.id;
  }
}
