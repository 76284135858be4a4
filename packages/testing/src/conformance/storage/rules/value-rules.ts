import assert from "node:assert/strict";
import { BackrefError, type DefectRow, type JsonValue, type Write } from "@backref/core/storage";
import type { Rule } from "../../rule.ts";
import {
  commitOk,
  commitUnit,
  findIds,
  insert,
  markOf,
  read,
  readOk,
  type StorageContext,
  scope,
  updateOf,
} from "../context.ts";
import { insertOf } from "../sample-parents.ts";
import { sampleId, sampleRow } from "../sample-rows.ts";
import { defineRules } from "./define-rules.ts";

const [firstId, secondId] = [sampleId(1), sampleId(2)];
const isRefused = (error: unknown) => BackrefError.isInstance(error) && error.code === "invalid-input";

const oddTexts: readonly string[] = [
  "",
  " leading and trailing ",
  "line\r\nbreaks\n\ttabs\u000b",
  "\u0001\u001f\u007f\u0085\u2028\ufeff",
  "quote ' double \" back \\ dollar $1 percent % brace {a,b} \\u0041 \\x00",
  "👩‍👩‍👧 🏳️‍🌈 𝒳 \u{10ffff}",
  "e\u0301 is not \u00e9",
  "שלום \u202eabc\u202c ไทย 漢字",
  "\ufffd\ufffe\uffff",
];

const oddJson: JsonValue = {
  "": "empty name",
  "a.b": [[], {}, null, true, false],
  numbers: [0, -1, 0.1, 1e21, 1.5e-7, Number.MAX_SAFE_INTEGER, -Number.MAX_SAFE_INTEGER],
  texts: [...oddTexts],
  deep: { a: { b: { c: { d: [{ e: null }] } } } },
  dollar$: "$ref",
  "2": "numeric name",
};

/** Every way in for a text with NUL. */
function writesWithNul(): readonly Write[] {
  const text = "a\0b";
  return [
    insertOf("defect", sampleRow("defect", { id: secondId, title: text })),
    insertOf("defect", sampleRow("defect", { id: text })),
    insertOf("activity", sampleRow("activity", { data: { deep: [{ text }] } })),
    insertOf("activity", sampleRow("activity", { data: { [text]: 1 } })),
    updateOf("defect", firstId, { description: text }),
    { type: "put", table: "defect", row: sampleRow("defect", { description: text }) },
    { type: "block", budgetId: "budget-1", forMs: 1, reason: text },
  ];
}

export const valueRules: readonly Rule<StorageContext>[] = defineRules("core/storage/storage.ts, Storage", [
  [
    "text-unicode",
    "Any Unicode text comes back unchanged, from columns and from JSON.",
    async (context) => {
      for (const [index, text] of oddTexts.entries()) {
        const row = await insert(context, "defect", { id: sampleId(index + 1), title: text, description: text });
        assert.deepEqual(await readOk(context, "defect", row.id), row);
      }
    },
  ],
  [
    "text-exact",
    "Keys compare exactly: case, spaces and accents make different rows.",
    async (context) => {
      const names = ["blocks", "Blocks", "blocks ", " blocks", "bl\u00f6cks", "blo\u0308cks", "straße", "strasse"];
      for (const [index, name] of names.entries()) await insert(context, "relation", { id: sampleId(index + 1), name });
      for (const [index, name] of names.entries()) {
        const ids = await findIds(context, { table: "relation", by: "name", keys: [[name]] });
        assert.deepEqual(ids, [sampleId(index + 1)], `relation ${JSON.stringify(name)}`);
      }
    },
  ],
  [
    "text-large",
    "Texts of a megabyte are kept whole, and ids and keys of the host of 255 characters are found.",
    async (context) => {
      const large = "0123456789abcde\n".repeat(65_536);
      const row = await insert(context, "defect", { description: large });
      assert.equal((await readOk(context, "defect")).description, row.description);
      const objectId = `${"🎯".repeat(127)}x`;
      await insert(context, "reference", { objectType: "x".repeat(255), objectId });
      const query = { table: "reference", by: "object", keys: [["x".repeat(255), objectId]] } as const;
      assert.deepEqual(await findIds(context, query), [firstId]);
    },
  ],
  [
    "text-lone-surrogate",
    "Half a surrogate pair is either refused with `invalid-input` or comes back unchanged.",
    async (context) => {
      for (const text of ["\ud83d", "a\udc00b"]) {
        await commitOk(context, [{ type: "delete", table: "defect", id: firstId }]);
        try {
          await insert(context, "defect", { title: text });
        } catch (error) {
          assert.ok(isRefused(error), `${String(error)} was expected to be "invalid-input"`);
          continue;
        }
        assert.equal((await readOk(context, "defect")).title, text);
      }
    },
  ],
  [
    "text-nul",
    "NUL is refused with `invalid-input` wherever it stands, and nothing is written.",
    async (context) => {
      const row = await insert(context, "defect");
      for (const write of writesWithNul()) {
        await assert.rejects(() => commitUnit(context, [write]), isRefused, JSON.stringify(write));
      }
      const query = { table: "defect", by: "project", keys: [["a\0b"]] } as const;
      await assert.rejects(() => context.storage.find(scope, query), isRefused, "find");
      await assert.rejects(() => commitUnit(context, [markOf(["a\0b"])]), isRefused, "mark");
      assert.deepEqual(await readOk(context, "defect"), row);
      assert.equal(await read(context, "defect", secondId), undefined);
      assert.deepEqual(await context.storage.system.readActivity({ after: 0, limit: 10 }), []);
    },
  ],
  [
    "numbers",
    "Times keep their milliseconds and counters their last digit.",
    async (context) => {
      const times = [0, 1, 1_790_000_000_123, 4_102_444_800_999, Number.MAX_SAFE_INTEGER];
      for (const [index, time] of times.entries()) {
        const id = sampleId(index + 1);
        const row = await insert(context, "issue", { id, version: time, fetchedAt: time });
        assert.deepEqual(await readOk(context, "issue", id), row);
      }
    },
  ],
  [
    "json",
    "JSON columns come back as they went in, nulls, empty parts and odd names included.",
    async (context) => {
      const source = await insert(context, "source", { options: oddJson });
      assert.deepEqual(await readOk(context, "source"), source);
      for (const [index, options] of [null, true, 0, "", "null", [], {}, [null]].entries()) {
        const id = sampleId(index + 2);
        await insert(context, "source", { id, options });
        assert.deepEqual((await readOk(context, "source", id)).options, options, JSON.stringify(options));
      }
    },
  ],
  [
    "input-copied",
    "Changing an object after it was handed in, or one that was handed out, changes no stored row.",
    async (context) => {
      const changedAt = { title: 1 };
      const row = { ...sampleRow("defect"), changedAt };
      await commitOk(context, [insertOf("defect", row)]);
      changedAt.title = 2;
      row.title = "Changed" as never;
      const expected: DefectRow = { ...sampleRow("defect"), changedAt: { title: 1 } };
      const found = await readOk(context, "defect");
      assert.deepEqual(found, expected);
      try {
        (found as { title: string }).title = "Changed";
        (found.changedAt as { title: number }).title = 3;
      } catch {
        // Frozen rows refuse the change, which is just as good.
      }
      assert.deepEqual(await readOk(context, "defect"), expected);
    },
  ],
]);
