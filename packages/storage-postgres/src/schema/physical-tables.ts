import { idleWork, type TableName } from "@backref/core/storage";
import { columnTypes } from "./columns.ts";

/** A table of the database that holds some columns of a table of the contract. */
export interface PhysicalTable {
  /** Name in the database, without its schema. */
  readonly name: string;
  /** Columns of the contract it keeps, beside `tenantId` and `id`. */
  readonly columns: ReadonlySet<string>;
}

/**
 * Where the columns of a contract's table are. Work items are split in two, so that a claim, a mark or a release rewrites
 * a narrow row with two indexes instead of a wide one with seven.
 */
export interface TablePlace {
  readonly main: PhysicalTable;
  /** Null for tables that are no work items. */
  readonly work: PhysicalTable | null;
}

/** Columns of a link that claims look at, or that marks raise. */
const workOfLinks: readonly string[] = [
  "sourceId",
  "endedAt",
  "pausedAt",
  "checkIssue",
  "checkComments",
  "hintVersion",
];
const workColumnsOf: Readonly<Partial<Record<TableName, readonly string[]>>> = {
  link: [...Object.keys(idleWork), ...workOfLinks],
  pollScope: [...Object.keys(idleWork), "sourceId"],
};
/** Kept on both sides: keys of the wide row need it as well. */
const shared = "sourceId";

export function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function placeOf(table: TableName): TablePlace {
  const columns = Object.keys(columnTypes[table]).filter((column) => column !== "tenantId" && column !== "id");
  const ofWork = workColumnsOf[table];
  const name = snakeCase(table);
  if (ofWork === undefined) return { main: { name, columns: new Set(columns) }, work: null };
  const ofMain = columns.filter((column) => column === shared || !ofWork.includes(column));
  return {
    main: { name, columns: new Set(ofMain) },
    work: { name: `${name}_work`, columns: new Set(ofWork) },
  };
}

const places = new Map(
  (Object.keys(columnTypes) as TableName[]).map((table): [string, TablePlace] => [table, placeOf(table)]),
);

export const tableNames: readonly TableName[] = Object.keys(columnTypes) as TableName[];

/** @throws TypeError where there is no such table */
export function tablePlace(table: string): TablePlace {
  const place = places.get(table);
  if (place === undefined) throw new TypeError(`There is no table "${table}".`);
  return place;
}
