import { type Row, type TableDefinition, type TableName, tableDefinitions } from "@backref/core/storage";
import { sampleId } from "./sample-rows.ts";

export type Columns = Readonly<Record<string, unknown>>;
export type AnyOverrides = Partial<Row<TableName>>;

/** A unique key beside the primary key. */
export interface KeyCase {
  readonly table: TableName;
  readonly key: string;
  readonly columns: readonly string[];
  readonly isGlobal: boolean;
}

export const keyCases: readonly KeyCase[] = (Object.keys(tableDefinitions) as TableName[]).flatMap((table) => {
  const definition = tableDefinitions[table] as TableDefinition<TableName>;
  return Object.entries(definition.unique).map(([key, { columns, global }]) => ({
    table,
    key,
    columns,
    isGlobal: global === true,
  }));
});

/** Values for columns that a sample row leaves null, but a key test needs. */
export const filled: { readonly [Table in TableName]?: Columns } = {
  link: { issueId: sampleId(1) },
  commentLink: { commentId: sampleId(1) },
};

export function pick(row: Row<TableName>, columns: readonly string[]): Columns {
  return Object.fromEntries(columns.map((column) => [column, (row as unknown as Columns)[column]]));
}

export function taken({ table, key }: Pick<KeyCase, "table" | "key">): {
  readonly status: "taken";
  readonly table: TableName;
  readonly key: string;
} {
  return { status: "taken", table, key };
}
