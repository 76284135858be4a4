import assert from "node:assert/strict";
import type { EnsureLabelsResult, LabelDefinition } from "@backref/core/provider";
import type { Rule } from "../../rule.ts";
import { able, type ProviderContext, settle } from "../context.ts";
import { defineRules, groupOf } from "../define-rules.ts";

const wanted: readonly LabelDefinition[] = [
  { name: "priority:high", color: "d93f0b", description: "Critical" },
  { name: "priority:low", color: "0e8a16", description: "Minor and trivial" },
];

function ensure(context: ProviderContext, labels = wanted): Promise<EnsureLabelsResult> {
  return groupOf(context, "labels").ensure(context.call(), { container: context.container, labels });
}

async function colours(context: ProviderContext): Promise<Readonly<Record<string, string>>> {
  const labels = await able(context, "readLabels")();
  return Object.fromEntries(labels.map(({ name, color }) => [name, color]));
}

export const labelRules: readonly Rule<ProviderContext>[] = defineRules(
  "core/provider/groups/labels.ts, LabelsGroup.ensure",
  { groups: ["labels"] },
  [
    [
      "labels-made",
      "Missing labels are made as asked for; asked again, nothing changes and the answer is the same.",
      async (context) => {
        const names = wanted.map(({ name }) => name);
        for (const attempt of ["first", "second"]) {
          const result = await ensure(context);
          await settle(context);
          assert.deepEqual([...result.present].sort(), names, `present, the ${attempt} time`);
          assert.deepEqual(result.refused, [], `refused, the ${attempt} time`);
          assert.deepEqual(await colours(context), { "priority:high": "d93f0b", "priority:low": "0e8a16" });
        }
      },
    ],
    [
      "labels-kept",
      "Labels that exist keep their colour and count as present.",
      async (context) => {
        await able(context, "createLabel")({ name: "priority:high", color: "abcdef" });
        await settle(context);
        const { present } = await ensure(context);
        assert.ok(present.includes("priority:high"), `present is ${JSON.stringify(present)}`);
        const found = await colours(context);
        assert.equal(found["priority:high"], "abcdef", "colour of the label that existed");
        assert.equal(found["priority:low"], "0e8a16", "colour of the label that was missing");
      },
    ],
    [
      "labels-refused",
      "A refusal is a result: the names that could not be made, with the reason in words.",
      async (context) => {
        await able(context, "createLabel")({ name: "priority:high", color: "abcdef" });
        await able(context, "refuseLabels")();
        await settle(context);
        const { present, refused } = await ensure(context);
        assert.deepEqual(present, ["priority:high"], "present");
        assert.deepEqual(
          refused.map(({ name }) => name),
          ["priority:low"],
          "refused",
        );
        for (const { name, reason } of refused) assert.ok(reason.trim() !== "", `no reason for ${name}`);
      },
    ],
    [
      "labels-none",
      "Nothing asked, nothing done.",
      async (context) => {
        assert.deepEqual(await ensure(context, []), { present: [], refused: [] });
        assert.deepEqual(await colours(context), {}, "labels at the tracker");
      },
    ],
  ],
);
