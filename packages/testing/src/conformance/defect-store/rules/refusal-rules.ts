import assert from "node:assert/strict";
import type { DefectApplyOutcome } from "@backref/core";
import type { Rule } from "../../rule.ts";
import { additionOf, apply, changeOf, createDefect, type DefectStoreContext, readOk, wholeOf } from "../context.ts";
import { defineRules } from "./define-rules.ts";

/** Fields beside the refused one, to see that none of them is applied. */
function changeWithRefused({ refusedValue, host }: DefectStoreContext) {
  const { field, value } = refusedValue ?? { field: "status", value: "" };
  const beside = field === "title" ? { description: "Theirs" } : { title: "Theirs" };
  const comments = host.comments === undefined ? [] : [additionOf(1, "Theirs")];
  return { set: { ...beside, [field]: value }, comments };
}

function assertRefused(outcome: DefectApplyOutcome | undefined, field: string): void {
  assert.ok(outcome?.status === "refused", `it was expected to be refused, not ${JSON.stringify(outcome)}`);
  assert.equal(outcome.field, field);
  assert.match(outcome.reason, /\S/, "people read the reason");
}

export const refusalRules: readonly Rule<DefectStoreContext>[] = defineRules(
  "DefectApplyOutcome",
  [],
  [
    [
      "refused",
      "A value that the host does not accept is refused with its field and a reason, and nothing of the change is applied.",
      async (context) => {
        const place = await createDefect(context);
        const before = await wholeOf(context, place);
        assertRefused(await apply(context, place, changeWithRefused(context)), context.refusedValue?.field ?? "");
        assert.deepEqual(await wholeOf(context, place), before);
      },
      ["refused value"],
    ],
    [
      "refused-alone",
      "A refused change keeps no other of the call from being applied, and the defect takes the next one.",
      async (context) => {
        const [refused, other] = [await createDefect(context), await createDefect(context)];
        const changes = [
          changeOf(refused, (await readOk(context, refused)).revision, changeWithRefused(context)),
          changeOf(other, (await readOk(context, other)).revision, { set: { title: "Theirs" } }),
        ];
        const outcomes = await context.store.apply({ tenantId: context.tenantId }, changes);
        assertRefused(outcomes[0], context.refusedValue?.field ?? "");
        assert.equal(outcomes[1]?.status, "applied");
        assert.equal((await apply(context, refused, { set: { description: "Taken" } })).status, "applied");
      },
      ["refused value"],
    ],
    [
      "refused-stale",
      "Where the revision has moved, a change is stale, whatever it holds: it is computed anew.",
      async (context) => {
        const place = await createDefect(context);
        const { revision } = await readOk(context, place);
        await context.host.editDefect(place, { description: "Edited by a person" });
        assert.equal((await apply(context, place, changeWithRefused(context), revision)).status, "stale");
      },
      ["refused value"],
    ],
    [
      "refused-unknown",
      "A word that the host does not know is refused or kept as it is; it is not thrown and becomes no other word.",
      async (context) => {
        const place = await createDefect(context);
        for (const field of ["status", "priority"] as const) {
          const before = await wholeOf(context, place);
          const outcome = await apply(context, place, { set: { [field]: "no-such-word", title: "Theirs" } });
          if (outcome.status === "applied") {
            assert.equal((await readOk(context, place))[field], "no-such-word");
            continue;
          }
          assertRefused(outcome, field);
          assert.deepEqual(await wholeOf(context, place), before);
        }
      },
    ],
  ],
);
