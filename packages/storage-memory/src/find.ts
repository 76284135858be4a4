import type { FindQuery, Row, Scalar, TableName } from "@backref/core/storage";
import type { TableStores } from "./database.ts";
import { refuseNul } from "./frozen-copy.ts";
import { compareText } from "./sorted-list.ts";
import { type BaseRow, scopedKey, type TableStore } from "./table-store.ts";

const keysPerCall = 1000;

/** Rows of one tenant by an access path, in the order of the table. */
export function findRows<Table extends TableName>(
  tables: TableStores,
  tenantId: string,
  query: FindQuery<Table>,
): readonly Row<Table>[] {
  const store = tables[query.table] as unknown as TableStore<Row<Table>> | undefined;
  if (store === undefined) throw new TypeError(`There is no table "${String(query.table)}".`);
  refuseNul(tenantId, query.after);
  if (query.keys.length > keysPerCall) {
    throw new TypeError(`A call takes at most ${keysPerCall} keys, but got ${query.keys.length}. Split it.`);
  }
  const limit = query.limit ?? Infinity;
  const newestFirst = query.newestFirst ?? false;
  const after = query.after === undefined ? undefined : positionAfter(store, tenantId, query.after);
  const positions = matchingPositions(store, { tenantId, by: query.by, keys: query.keys, limit, after, newestFirst });
  positions.sort(newestFirst ? (left, right) => compareText(right, left) : compareText);
  const rows: Row<Table>[] = [];
  for (const position of positions) {
    if (rows.length >= limit) break;
    const row = store.get(tenantId, store.idAt(position));
    if (row !== undefined) rows.push(row);
  }
  return rows;
}

/** Every row of one tenant that an access path leads to, each once. */
export function rowsAt<FoundRow extends BaseRow>(
  store: TableStore<FoundRow>,
  tenantId: string,
  by: string,
  keys: readonly (readonly Scalar[])[],
): readonly FoundRow[] {
  const positions = matchingPositions(store, {
    tenantId,
    by,
    keys,
    limit: Infinity,
    after: undefined,
    newestFirst: false,
  });
  return positions.flatMap((position) => store.get(tenantId, store.idAt(position)) ?? []);
}

interface Match {
  readonly tenantId: string;
  readonly by: string;
  readonly keys: readonly (readonly Scalar[])[];
  readonly limit: number;
  readonly after: string | undefined;
  readonly newestFirst: boolean;
}

function matchingPositions<FoundRow extends BaseRow>(store: TableStore<FoundRow>, match: Match): string[] {
  checkKeys(store, match.by, match.keys);
  const found = new Set<string>();
  if (match.limit < 1) return [];
  if (match.by === "id") {
    for (const [id] of match.keys) {
      const row = store.get(match.tenantId, id as string);
      if (row === undefined) continue;
      const position = store.positionOf(row);
      if (isBeyond(position, match)) found.add(position);
    }
    return [...found];
  }
  for (const key of match.keys) {
    let count = 0;
    const index = store.index(match.by);
    const positions = index?.positions(scopedKey(match.tenantId, key), match.after, match.newestFirst) ?? [];
    for (const position of positions) {
      found.add(position);
      count += 1;
      if (count >= match.limit) break;
    }
  }
  return [...found];
}

function isBeyond(position: string, { after, newestFirst }: Match): boolean {
  if (after === undefined) return true;
  return newestFirst ? position < after : position > after;
}

function checkKeys<FoundRow extends BaseRow>(
  store: TableStore<FoundRow>,
  by: string,
  keys: readonly (readonly Scalar[])[],
): void {
  const columns = by === "id" ? ["id"] : store.index(by)?.columns;
  if (columns === undefined) throw new TypeError(`Table ${store.name} has no access path "${by}".`);
  for (const key of keys) {
    refuseNul(...key);
    if (key.length !== columns.length) {
      const names = columns.join(", ") || "no columns";
      throw new TypeError(`Path "${by}" of ${store.name} takes ${names}, but a key has ${key.length} values.`);
    }
  }
}

/** Rows are looked for beyond the row of that id; beyond where it would stand, if it is gone. */
function positionAfter<FoundRow extends BaseRow>(store: TableStore<FoundRow>, tenantId: string, id: string): string {
  const row = store.get(tenantId, id);
  return row === undefined
    ? store.positionOf({ tenantId, id, sequence: 0 } as unknown as FoundRow)
    : store.positionOf(row);
}
