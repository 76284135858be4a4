import { PGlite } from "@electric-sql/pglite";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createPostgresStorage } from "../src/index.ts";
import { columnTypes } from "../src/schema/columns.ts";
import { snakeCase, tableNames, tablePlace } from "../src/schema/physical-tables.ts";

let pool: PGlite;
beforeAll(async () => {
  pool = await PGlite.create();
  await createPostgresStorage({ pool }).migrate();
}, 60_000);
afterAll(async () => {
  await pool.close();
});

const typeNames: Readonly<Record<string, readonly string[]>> = {
  text: ["text"],
  number: ["bigint", "smallint"],
  boolean: ["boolean"],
  json: ["jsonb"],
  texts: ["ARRAY"],
};

test.each(tableNames)("%s has the columns that the code knows", async (table) => {
  const { main, work } = tablePlace(table);
  for (const place of [main, ...(work === null ? [] : [work])]) {
    const { rows } = await pool.query<{ readonly name: string; readonly type: string }>(
      "SELECT column_name AS name, data_type AS type FROM information_schema.columns WHERE table_schema = 'backref' AND table_name = $1",
      [place.name],
    );
    const expected = ["tenantId", "id", ...place.columns];
    expect(rows.map(({ name }) => name).toSorted()).toEqual(expected.map(snakeCase).toSorted());
    const types: Readonly<Record<string, string>> = columnTypes[table];
    for (const column of expected) {
      const type = rows.find(({ name }) => name === snakeCase(column))?.type;
      expect(typeNames[types[column] ?? ""], `${place.name}.${column} is ${type}`).toContain(type);
    }
  }
});
