import assert from "node:assert/strict";
import type { IssueFormField, IssueFormValue, JsonObject, JsonValue } from "@backref/core/provider";
import type { Rule } from "../../rule.ts";
import { create, truthOf } from "../actions.ts";
import { given, type ProviderContext } from "../context.ts";
import { defineRules, groupOf } from "../define-rules.ts";
import { failureOf } from "../failures.ts";
import { fieldTypes, sampleOf } from "../form-samples.ts";

async function fieldsOf(context: ProviderContext, container = context.container): Promise<readonly IssueFormField[]> {
  const type = context.underTest.createDefaults?.type ?? null;
  const fields = await groupOf(context, "form").fields(context.call(), { container, type });
  assert.ok(Array.isArray(fields) && fields.length > 0, "form.fields answers with a list that is not empty");
  return fields;
}

function assertDistinct(values: readonly string[], what: string): void {
  for (const value of values) assert.ok(value.trim() !== "", `an empty ${what}`);
  assert.equal(new Set(values).size, values.length, `${what} twice among ${JSON.stringify(values)}`);
}

function assertValues(id: string, values: readonly IssueFormValue[]): void {
  assert.ok(values.length > 0, `the field ${id} allows nothing at all`);
  assertDistinct(
    values.map((value) => value.id),
    `allowed value of ${id}`,
  );
  for (const { children } of values) if (children !== undefined) assertValues(id, children);
}

export const formFieldRules: readonly Rule<ProviderContext>[] = defineRules(
  "core/provider/groups/form.ts, FormGroup.fields",
  { groups: ["form"] },
  [
    [
      "form-fields-sound",
      "Fields have ids, names, known types, and values to choose from that differ.",
      async (context) => {
        const fields = await fieldsOf(context);
        assertDistinct(
          fields.map(({ id }) => id),
          "id of a field",
        );
        for (const { id, name, type, required, allowedValues, defaultValue } of fields) {
          assert.ok(name.trim() !== "", `the field ${id} has no name`);
          assert.ok(fieldTypes.includes(type), `the field ${id} has the type ${type}`);
          assert.equal(typeof required, "boolean", `the field ${id}: required`);
          assert.ok(defaultValue !== undefined, `the field ${id} has no defaultValue, not even null`);
          if (type === "cascade") assert.ok(allowedValues !== null, `the field ${id} is a cascade of nothing`);
          if (allowedValues === null) continue;
          assertValues(id, allowedValues);
          const hasChildren = allowedValues.some(({ children }) => children !== undefined);
          assert.ok(!hasChildren || type === "cascade", `the field ${id} has children, and is no cascade`);
        }
      },
    ],
    [
      "form-fields-taken",
      "What the form offers, a create takes, all at once and without a warning.",
      async (context) => {
        const fields: Record<string, JsonValue> = {};
        for (const field of await fieldsOf(context)) {
          const value = sampleOf(field);
          if (value !== undefined) fields[field.id] = value;
        }
        const defaults: JsonObject = context.underTest.createDefaults?.fields ?? {};
        const { issue, warnings } = await create(context, { fields: { ...defaults, ...fields } });
        assert.deepEqual(warnings, [], "warnings of a create with every field of the form");
        await truthOf(context, issue.item);
      },
      { groups: ["create"] },
    ],
    [
      "form-fields-unknown-container",
      "A container that does not exist is told.",
      async (context) => {
        const container = given(context, "unknownContainer");
        const attempt = () => groupOf(context, "form").fields(context.call(), { container, type: null });
        await failureOf(context, "form.fields of an unknown container", attempt, "gone", "forbidden");
      },
    ],
  ],
);
