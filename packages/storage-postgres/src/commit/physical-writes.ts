import { idleWork, type Requirement, type TableName, type Write } from "@backref/core/storage";
import { columnTypes } from "../schema/columns.ts";
import { type PhysicalTable, snakeCase, tablePlace } from "../schema/physical-tables.ts";

/** A write to one row of one table of the database, or a call that finds its rows itself. */
export interface PhysicalWrite {
  readonly kind: "insert" | "insert_missing" | "update" | "put" | "delete" | "release" | "mark" | "block";
  /** A table; for marks the table and the way its rows are named. */
  readonly table: string;
  /** Null where the rows are found by other columns. */
  readonly id: string | null;
  readonly row: unknown;
}

/** What has to hold of one row of one table of the database. */
export interface PhysicalRequirement {
  readonly table: string;
  readonly id: string;
  readonly match: Readonly<Record<string, unknown>>;
}

const scalarTypes: ReadonlySet<string> = new Set(["text", "number", "boolean"]);
const identity: PhysicalTable = { name: "", columns: new Set(["tenantId", "id"]) };
/** A table's columns that only the storage changes, once a row is there. */
const keptColumns: Readonly<Partial<Record<TableName, readonly string[]>>> = {
  link: Object.keys(idleWork),
  pollScope: Object.keys(idleWork),
  activity: ["sequence"],
};

/** @throws TypeError where a column does not exist or cannot be compared */
export function requirementsOf({ table, id, match }: Requirement): readonly PhysicalRequirement[] {
  const { main, work } = tablePlace(table);
  const types: Readonly<Record<string, string>> = columnTypes[table];
  for (const [column, value] of Object.entries(match)) {
    if (types[column] === undefined) throw new TypeError(`Table ${table} has no column "${column}".`);
    if (!scalarTypes.has(types[column]) || (typeof value === "object" && value !== null)) {
      throw new TypeError(`A requirement compares plain values, but ${table}.${column} is not one.`);
    }
  }
  const ofMain = { ...columnsIn(identity, match), ...columnsIn(main, match) };
  const ofWork = work === null ? {} : columnsIn(work, match);
  const isOnlyWork = Object.keys(ofMain).length === 0 && Object.keys(ofWork).length > 0;
  return [
    ...(isOnlyWork ? [] : [{ table: main.name, id, match: ofMain }]),
    ...(work === null || Object.keys(ofWork).length === 0 ? [] : [{ table: work.name, id, match: ofWork }]),
  ];
}

/** @throws TypeError where the write cannot be one of the contract */
export function writesOf(tenantId: string, write: Write, number: number): readonly PhysicalWrite[] {
  switch (write.type) {
    case "insert":
      return insertOf(tenantId, write.table, write.row, write.ifExists === "skip" ? "insert_missing" : "insert");
    case "put":
      return insertOf(tenantId, write.table, write.row, "put");
    case "update":
      return updateOf(tenantId, write.table, write.id, write.set);
    case "delete":
      return [{ kind: "delete", table: tablePlace(write.table).main.name, id: write.id, row: write.id }];
    case "release":
      return releaseOf(tenantId, write);
    case "mark":
      return marksOf(write, number);
    case "block": {
      const { budgetId, forMs, reason } = write;
      return [
        { kind: "block", table: "budget", id: budgetId, row: { id: budgetId, for_ms: Math.round(forMs), reason } },
      ];
    }
    default:
      throw new TypeError(`There is no write of type "${String((write as { readonly type: unknown }).type)}".`);
  }
}

function insertOf(
  tenantId: string,
  table: TableName,
  row: object,
  kind: "insert" | "insert_missing" | "put",
): readonly PhysicalWrite[] {
  const { main, work } = tablePlace(table);
  if ((row as { readonly tenantId?: unknown }).tenantId !== tenantId)
    throw new TypeError("A row belongs to another tenant than the call.");
  const { id } = row as { readonly id: string };
  checkColumns(table, row);
  return [main, ...(work === null ? [] : [work])].map((place) => ({
    kind,
    table: place.name,
    id,
    row: { ...columnsIn(identity, row), ...columnsIn(place, row) },
  }));
}

/** What a change sets in each of a table's places, without columns that only the storage changes. */
function changesOf(tenantId: string, table: TableName, id: string, set: object) {
  checkColumns(table, set);
  if (("id" in set && set["id"] !== id) || ("tenantId" in set && set["tenantId"] !== tenantId)) {
    throw new TypeError("Id and tenant of a row cannot be changed.");
  }
  const { main, work } = tablePlace(table);
  const kept = keptColumns[table] ?? [];
  const changes = Object.fromEntries(Object.entries(set).filter(([column]) => !kept.includes(column)));
  return { main, work, ofMain: columnsIn(main, changes), ofWork: work === null ? {} : columnsIn(work, changes) };
}

function updateOf(tenantId: string, table: TableName, id: string, given: object): readonly PhysicalWrite[] {
  const { main, work, ofMain, ofWork } = changesOf(tenantId, table, id, given);
  const hasWork = work !== null && Object.keys(ofWork).length > 0;
  const writes: PhysicalWrite[] = [];
  // An update of nothing still asks for the row.
  if (Object.keys(ofMain).length > 0 || !hasWork) {
    writes.push({ kind: "update", table: main.name, id, row: { id, set: ofMain } });
  }
  if (hasWork) writes.push({ kind: "update", table: work.name, id, row: { id, set: ofWork } });
  return writes;
}

function releaseOf(tenantId: string, write: Extract<Write, { readonly type: "release" }>): readonly PhysicalWrite[] {
  const { table, id, fence, seenMark, nextAfterMs } = write;
  const { main, work, ofMain, ofWork } = changesOf(tenantId, table, id, write.set);
  if (work === null) throw new TypeError(`Table ${table} has no leases.`);
  const next = nextAfterMs === null ? null : Math.round(nextAfterMs);
  const release = { id, fence, seen_mark: seenMark, next_after_ms: next, set: ofWork };
  return [
    { kind: "release", table: work.name, id, row: release },
    ...(Object.keys(ofMain).length === 0
      ? []
      : [{ kind: "update" as const, table: main.name, id, row: { id, set: ofMain } }]),
  ];
}

function marksOf(write: Extract<Write, { readonly type: "mark" }>, number: number): readonly PhysicalWrite[] {
  const { main, work } = tablePlace(write.table);
  if (work === null) throw new TypeError(`Rows of ${write.table} are no work items and cannot be marked.`);
  const nullable = write.table === "link" && (write.by === "issue" || write.by === "issueAll");
  return write.keys.map((key) => {
    const path = snakeCase(write.by) + (nullable && key[0] === null ? "_null" : "");
    const row = {
      write: number,
      key,
      except_id: write.exceptId ?? null,
      after_ms: Math.round(write.afterMs),
      check_issue: write.checkIssue ?? false,
      check_comments: write.checkComments ?? false,
      version: write.version ?? 0,
      reset: write.reset ?? false,
    };
    return { kind: "mark", table: `${main.name}_${path}`, id: null, row };
  });
}

function checkColumns(table: TableName, columns: object): void {
  const types: Readonly<Record<string, string>> = columnTypes[table];
  for (const column of Object.keys(columns)) {
    if (types[column] === undefined) throw new TypeError(`Table ${table} has no column "${column}".`);
  }
}

function columnsIn(place: PhysicalTable, columns: object): object {
  return Object.fromEntries(
    Object.entries(columns).flatMap(([column, value]) =>
      place.columns.has(column) ? [[snakeCase(column), value]] : [],
    ),
  );
}
