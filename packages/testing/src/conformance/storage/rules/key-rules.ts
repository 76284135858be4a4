import assert from "node:assert/strict";
import type { PutWrite, TableName } from "@backref/core/storage";
import type { Rule } from "../../rule.ts";
import { commitOk, commitUnit, insert, readOk, type StorageContext, updateOf } from "../context.ts";
import { type AnyOverrides, type Columns, filled, type KeyCase, keyCases, pick, taken } from "../key-cases.ts";
import { insertOf, parentsOf } from "../sample-parents.ts";
import { sampleId, sampleRow } from "../sample-rows.ts";
import { defineRules } from "./define-rules.ts";

const nullable: { readonly [Table in TableName]?: readonly string[] } = {
  issue: ["remoteId"],
  occurrence: ["resultId"],
  link: ["issueId", "active"],
  commentLink: ["remoteId", "commentId"],
  identity: ["preferred"],
};

/** Another value for a column of a key, where everything else stays as it is. */
function otherValue(table: TableName, column: string): Columns {
  if (column === "active") return { active: null, endedAt: 1_000 };
  if (column === "preferred") return { preferred: null };
  return { [column]: table === "secret" && column === "name" ? "webhook" : sampleId(77) };
}

/** The key of the first row is refused to others, whatever way they try. */
async function checkCollisions(context: StorageContext, keyCase: KeyCase, firstKey: Columns): Promise<void> {
  const { table, columns } = keyCase;
  const second = sampleRow(table, { id: sampleId(12), ...firstKey } as AnyOverrides);
  await commitOk(context, parentsOf(table, second));
  assert.deepEqual(await commitUnit(context, [insertOf(table, second)]), taken(keyCase), "insert");
  const skip = await commitUnit(context, [insertOf(table, second, "skip")]);
  assert.deepEqual(skip, { status: "committed", skipped: 1 }, "insert with skip");

  const third = await insert(context, table, { id: sampleId(13) } as AnyOverrides);
  const update = updateOf(table, third.id, firstKey as AnyOverrides);
  assert.deepEqual(await commitUnit(context, [update]), taken(keyCase), "update");
  const put = { type: "put", table, row: { ...third, ...firstKey } } as unknown as PutWrite;
  assert.deepEqual(await commitUnit(context, [put]), taken(keyCase), "put");
  assert.deepEqual(pick(await readOk(context, table, third.id), columns), pick(third, columns), "nothing changed");
}

/** Rows that differ in one column of the key are no duplicates, nor are those with a null in it. */
async function checkNeighbours(context: StorageContext, { table, columns }: KeyCase, firstKey: Columns): Promise<void> {
  let number = 20;
  const accept = async (columnsOfRow: Columns) => {
    await insert(context, table, { id: sampleId(number), ...columnsOfRow } as AnyOverrides);
    number += 1;
  };
  for (const column of columns) {
    await accept({ ...firstKey, ...otherValue(table, column) });
    if (!nullable[table]?.includes(column)) continue;
    const ended = column === "active" ? { endedAt: 1_000 } : {};
    for (let copy = 0; copy < 2; copy += 1) await accept({ ...firstKey, [column]: null, ...ended });
  }
}

async function checkOtherTenant(context: StorageContext, keyCase: KeyCase, firstKey: Columns): Promise<void> {
  const { table } = keyCase;
  const row = sampleRow(table, { tenantId: "tenant-2", id: sampleId(12), ...firstKey } as AnyOverrides);
  const outcome = await commitUnit(context, [...parentsOf(table, row), insertOf(table, row)], [], row.tenantId);
  if (keyCase.isGlobal) assert.deepEqual(outcome, taken(keyCase), "the key is unique over all tenants");
  else assert.equal(outcome.status, "committed", "the key is unique per tenant only");
}

export const keyRules: readonly Rule<StorageContext>[] = defineRules(
  "core/storage/tables.ts, tableDefinitions",
  keyCases.map((keyCase) => [
    `unique-${keyCase.table}-${keyCase.key}`,
    `No two rows of ${keyCase.table} share ${keyCase.columns.join(", ")}; a null or another value makes them differ.`,
    async (context) => {
      const { table, columns } = keyCase;
      const first = await insert(context, table, { id: sampleId(11), ...filled[table] } as AnyOverrides);
      const firstKey = pick(first, columns);
      await commitOk(context, [updateOf(table, first.id, firstKey as AnyOverrides)]);
      await checkCollisions(context, keyCase, firstKey);
      await checkNeighbours(context, keyCase, firstKey);
      await checkOtherTenant(context, keyCase, firstKey);
      await commitOk(context, [{ type: "delete", table, id: first.id }]);
      await insert(context, table, { id: sampleId(50), ...filled[table], ...firstKey } as AnyOverrides);
    },
  ]),
);
