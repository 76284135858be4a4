import { readFile } from "node:fs/promises";
import type { Database } from "./database.ts";

const file = new URL("../tables.sql", import.meta.url);

/** Once per database. A host has its own way to run migrations. */
export async function createTables(database: Database): Promise<void> {
  const text = await readFile(file, "utf8");
  await database.transaction(async (transaction) => {
    // One statement ends with a semicolon at the end of a line, outside of a function's body.
    for (const statement of text.split(/;\n(?=\n|--|CREATE)/)) {
      if (statement.trim() !== "") await transaction.query(statement);
    }
  });
}
