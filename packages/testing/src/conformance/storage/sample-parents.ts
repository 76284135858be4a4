import type { InsertWrite, Row, TableName } from "@backref/core/storage";
import { sampleRow } from "./sample-rows.ts";

type Columns = Readonly<Record<string, unknown>>;

/** Which column of a row names a row of which table. Activity outlives what it tells of. */
const parentTables: Readonly<Partial<Record<TableName, Readonly<Record<string, TableName>>>>> = {
  target: { sourceId: "source" },
  secret: { sourceId: "source" },
  pollScope: { sourceId: "source" },
  identity: { sourceId: "source" },
  issue: { sourceId: "source" },
  reference: { sourceId: "source", issueId: "issue" },
  occurrence: { defectId: "defect" },
  defectComment: { defectId: "defect", originLinkId: "link" },
  link: { sourceId: "source", defectId: "defect", targetId: "target", issueId: "issue" },
  commentLink: { linkId: "link", commentId: "defectComment" },
  conflict: { linkId: "link", defectId: "defect" },
  issueForm: { sourceId: "source" },
  rememberedFields: { sourceId: "source" },
  delivery: { sourceId: "source" },
};

/** An insert, in a form that TypeScript can follow for any table. */
export function insertOf<Table extends TableName>(table: Table, row: Row<Table>, ifExists?: "skip"): InsertWrite {
  return { type: "insert", table, row, ...(ifExists && { ifExists }) } as unknown as InsertWrite;
}

/** Inserts of whatever the row refers to, for storages with foreign keys; what exists already is left alone. */
export function parentsOf<Table extends TableName>(table: Table, row: Row<Table>): readonly InsertWrite[] {
  const columns = row as unknown as Columns;
  return Object.entries<TableName>(parentTables[table] ?? {}).flatMap(([column, parentTable]) => {
    const id = columns[column];
    if (typeof id !== "string") return [];
    const inherited = parentTable === "issue" && "sourceId" in row ? { sourceId: row.sourceId } : {};
    const parent = sampleRow(parentTable, { tenantId: row.tenantId, id, ...inherited } as Partial<Row<TableName>>);
    return [...parentsOf(parentTable, parent), insertOf(parentTable, parent, "skip")];
  });
}
