import assert from "node:assert/strict";
import type { IssueFormField, JsonObject } from "@backref/core/provider";
import type { Rule } from "../../rule.ts";
import { create, truthOf } from "../actions.ts";
import { able, type ProviderContext, settle } from "../context.ts";
import { defineRules, groupOf } from "../define-rules.ts";
import { failureOf } from "../failures.ts";
import { sampleOf } from "../form-samples.ts";

/** A field that the tracker requires from now on, as the form shows it. */
async function required(context: ProviderContext): Promise<IssueFormField> {
  const id = await able(context, "requireField")();
  await settle(context);
  const type = context.underTest.createDefaults?.type ?? null;
  const { container } = context;
  const fields = await groupOf(context, "form").fields(context.call(), { container, type });
  const field = fields.find((candidate) => candidate.id === id);
  assert.ok(field !== undefined, `the form has no field ${id}, which the tracker requires`);
  return field;
}

function without(context: ProviderContext, id: string): JsonObject {
  const { [id]: _, ...others } = context.underTest.createDefaults?.fields ?? {};
  return others;
}

export const requiredFieldRules: readonly Rule<ProviderContext>[] = defineRules(
  "core/provider/groups/form.ts, IssueFormField; core/errors/backref-error.ts, BackrefErrorOptions.field",
  {
    groups: ["form", "create"],
    unless: ({ capabilities }) => (capabilities.requiredFields ? null : "the provider declares no `requiredFields`"),
  },
  [
    [
      "form-required-shown",
      "A field that the tracker requires is `required` in the form, and not said to be filled in.",
      async (context) => {
        const { id, required: isRequired, isFilledByTracker, defaultValue } = await required(context);
        assert.equal(isRequired, true, `the field ${id}: required`);
        assert.equal(isFilledByTracker ?? defaultValue !== null, false, `the field ${id}: filled in by the tracker`);
      },
    ],
    [
      "form-required-refused",
      "A create without it is `permanent`, names the field as the form does, and makes nothing.",
      async (context) => {
        const { id } = await required(context);
        const before = (await context.tracker.listIssues()).length;
        const attempt = () => create(context, { fields: without(context, id) });
        const { field, issues } = await failureOf(context, `create without ${id}`, attempt, "permanent");
        const named = [field, ...issues.map(({ path }) => path[0])];
        assert.ok(named.includes(id), `the error names ${JSON.stringify(named)}, not the field ${id}`);
        assert.equal((await context.tracker.listIssues()).length, before, "issues");
      },
    ],
    [
      "form-required-given",
      "A create with a value that the form allows is taken.",
      async (context) => {
        const field = await required(context);
        const value = sampleOf(field);
        assert.ok(value !== undefined, `the form says of no value that ${field.id} takes it`);
        const { issue } = await create(context, { fields: { ...without(context, field.id), [field.id]: value } });
        await truthOf(context, issue.item);
      },
    ],
  ],
);
