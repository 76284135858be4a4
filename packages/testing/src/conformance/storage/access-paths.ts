import { type AccessPath, type TableDefinition, type TableName, tableDefinitions } from "@backref/core/storage";

export interface Path {
  readonly by: AccessPath<TableName>;
  readonly columns: readonly string[];
}

export const tableNames: readonly TableName[] = Object.keys(tableDefinitions) as TableName[];

/** Every access path of a table, but for names that stand for a unique key and an index at once. */
export function accessPathsOf(table: TableName): readonly Path[] {
  const { unique, indexes } = tableDefinitions[table] as TableDefinition<TableName>;
  const keys = Object.entries(unique).map(([name, { columns }]) => ({ by: name, columns }));
  const others = Object.entries(indexes).map(([name, columns]) => ({ by: name, columns }));
  const all = [{ by: "id", columns: ["id"] }, ...keys, ...others];
  return all.filter(({ by }) => all.filter((path) => path.by === by).length === 1) as readonly Path[];
}
