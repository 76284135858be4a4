import type { FindQuery, Row, Scalar, TableName } from "@backref/core/storage";
import { checkPath } from "../commit/compiled-unit.ts";
import type { Database } from "../connection/database.ts";
import { columnTypes } from "../schema/columns.ts";
import { snakeCase, tablePlace } from "../schema/physical-tables.ts";

const keysPerCall = 1_000;

/** Rows of one tenant by an access path, in one statement. */
export async function findRows<Table extends TableName>(
  database: Database,
  tenantId: string,
  query: FindQuery<Table>,
): Promise<readonly Row<Table>[]> {
  const { table, by, keys, limit, after, newestFirst = false } = query;
  const columns = checkPath(table, by, keys);
  if (keys.length > keysPerCall) {
    throw new TypeError(`A call takes at most ${keysPerCall} keys, but got ${keys.length}. Split it.`);
  }
  if (keys.length === 0 || (limit !== undefined && limit < 1)) return [];
  const values: unknown[] = [tenantId];
  const parameter = (value: unknown) => `$${values.push(value)}`;
  const place = placed(database.schema, table);
  const order = table === "activity" ? `${place.main}.sequence` : `${place.main}.id`;
  const conditions = [
    `${place.main}.tenant_id = $1`,
    keyCondition({ table, columns, keys, main: place.main, parameter }),
  ];
  if (after !== undefined) {
    const position =
      table === "activity"
        ? `coalesce((SELECT a.sequence FROM ${database.schema}.activity a WHERE a.tenant_id = $1 AND a.id = ${parameter(after)}), 0)`
        : parameter(after);
    conditions.push(`${order} ${newestFirst ? "<" : ">"} ${position}`);
  }
  const statement = `SELECT ${columnList(table, place)} FROM ${place.from} WHERE ${conditions.join(" AND ")}
    ORDER BY ${order} ${newestFirst ? "DESC" : "ASC"}${limit === undefined ? "" : ` LIMIT ${parameter(limit)}`}`;
  return (await database.run("find", jsonOf(statement), values)) as readonly Row<Table>[];
}

/** The statement's rows as one JSON document, in their order. */
export function jsonOf(statement: string): string {
  return `SELECT coalesce(json_agg(found), '[]')::text AS answer FROM (${statement}) found`;
}

interface Placed {
  readonly main: string;
  readonly work: string;
  readonly from: string;
}

export function placed(schema: string, table: TableName): Placed {
  const { main, work } = tablePlace(table);
  const from = `${schema}.${main.name} t`;
  if (work === null) return { main: "t", work: "t", from };
  return {
    main: "t",
    work: "w",
    from: `${from} JOIN ${schema}.${work.name} w ON w.tenant_id = t.tenant_id AND w.id = t.id`,
  };
}

/** Every column of the contract under the contract's name. */
export function columnList(table: TableName, place: Placed): string {
  const { main } = tablePlace(table);
  return Object.keys(columnTypes[table])
    .map((column) => {
      const isMain = column === "tenantId" || column === "id" || main.columns.has(column);
      return `${isMain ? place.main : place.work}.${snakeCase(column)} AS "${column}"`;
    })
    .join(", ");
}

const arrayTypes: Readonly<Record<string, string>> = { text: "text[]", number: "bigint[]", boolean: "boolean[]" };

/** Equality with any of the keys. Keys with the same nulls share a condition, so that each can use the path's index. */
function keyCondition(request: {
  readonly table: TableName;
  readonly columns: readonly string[];
  readonly keys: readonly (readonly Scalar[])[];
  readonly main: string;
  readonly parameter: (value: unknown) => string;
}): string {
  const { table, columns, keys, main, parameter } = request;
  if (columns.length === 0) return "true";
  const types: Readonly<Record<string, string>> = columnTypes[table];
  const groups = Map.groupBy(keys, (key) => key.map((value) => (value === null ? "n" : "v")).join(""));
  const conditions = [...groups.values()].map((group) => {
    const nulls = columns.filter((_column, index) => group[0]?.[index] === null);
    const compared = columns.filter((column) => !nulls.includes(column));
    const name = (column: string) => `${main}.${snakeCase(column)}`;
    const isNull = nulls.map((column) => `${name(column)} IS NULL`);
    const typeOf = (column: string) => arrayTypes[types[column] ?? "text"] ?? "text[]";
    const [only, ...others] = group;
    if (only !== undefined && others.length === 0) {
      // Below a list of one, PostgreSQL does not use an index in its order, and would sort all of it for a page.
      const equal = compared.map((column) => {
        const type = typeOf(column).slice(0, -"[]".length);
        return `${name(column)} = ${parameter(only[columns.indexOf(column)])}::${type}`;
      });
      return [...isNull, ...equal];
    }
    const lists = compared.map((column) => {
      const values = group.map((key) => key[columns.indexOf(column)]);
      return `${parameter(values)}::${typeOf(column)}`;
    });
    const [column] = compared;
    if (compared.length === 1 && column !== undefined) return [...isNull, `${name(column)} = ANY (${lists[0]})`];
    if (compared.length === 0) return isNull;
    return [...isNull, `(${compared.map(name).join(", ")}) IN (SELECT * FROM unnest(${lists.join(", ")}))`];
  });
  return `(${conditions.map((parts) => parts.join(" AND ")).join(" OR ")})`;
}
