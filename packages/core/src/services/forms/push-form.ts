import type { JsonObject, JsonValue } from "../../domain/json.ts";
import type { Vocabulary } from "../../domain/vocabulary.ts";
import type { SyncEngine } from "../../engine/engine.ts";
import { valueProblem } from "../../forms/check-values.ts";
import { isBlank, missingFields } from "../../forms/missing-fields.ts";
import { valuesSchema } from "../../forms/values-schema.ts";
import type { IssueFormField } from "../../provider/groups/form.ts";
import { type ResolvedCapabilities, resolveSourceCapabilities } from "../../provider/resolved-capabilities.ts";
import { providerFor } from "../../runtime/source-provider.ts";
import { defectResource } from "../defects/defect-access.ts";
import { findPushTarget } from "../defects/push-target.ts";
import type { ServiceContext } from "../service-context.ts";
import type { PushForm, PushFormField, PushFormRequest } from "./form-types.ts";
import { loadForm } from "./load-form.ts";
import { withOwnFields } from "./own-fields.ts";
import { rememberedFields } from "./remembered.ts";

/** What the defect itself says of a new issue. */
function defectFields(vocabulary: Vocabulary, capabilities: ResolvedCapabilities): readonly PushFormField[] {
  const base = { by: "defect", defaultValue: null, targetValue: null, rememberedValue: null, value: null } as const;
  const { title, body } = capabilities.maxLength;
  const priorities = vocabulary.priorities.map((id) => ({ id, name: id }));
  const priority: PushFormField = {
    ...base,
    id: "priority",
    name: "Priority",
    required: false,
    type: "option",
    allowedValues: priorities,
  };
  return [
    { ...base, id: "title", name: "Title", required: true, type: "text", allowedValues: null, maxLength: title },
    {
      ...base,
      id: "description",
      name: "Description",
      required: false,
      type: "rich-text",
      allowedValues: null,
      maxLength: body,
    },
    ...(capabilities.priority === "none" || priorities.length === 0 ? [] : [priority]),
  ];
}

function givenField(field: IssueFormField, defaults: JsonObject, remembered: JsonObject): PushFormField {
  const targetValue = defaults[field.id] ?? null;
  const last = remembered[field.id] ?? null;
  // What was chosen once may not be there any more.
  const rememberedValue = valueProblem(field, last) === null ? last : null;
  const candidates: readonly JsonValue[] = [rememberedValue, targetValue, field.defaultValue];
  const value = candidates.find((candidate) => !isBlank(candidate)) ?? null;
  return { ...field, by: "fields", targetValue, rememberedValue, value };
}

/** The form before a push. One request at most, and none while what is stored is fresh. */
export async function pushForm(
  context: ServiceContext,
  engine: SyncEngine,
  { projectId, sourceId, fresh, waitUntil }: PushFormRequest,
): Promise<PushForm> {
  const { runtime, authoriser, actor, scope } = context;
  await authoriser.authorise(actor, "defect.push", defectResource(scope.tenantId, projectId));
  const place = await findPushTarget(context, projectId, sourceId);
  const { source, target } = place;
  const [form, remembered] = await Promise.all([
    loadForm(runtime, scope, place, {
      ...(fresh === true ? { how: "anew" as const } : {}),
      track: (work) => engine.background.track(work, waitUntil),
    }),
    rememberedFields(context, { sourceId: source.id, projectId }),
  ]);
  const known = withOwnFields(form?.fields ?? []);
  const fields = known.map((field) => givenField(field, target.defaults, remembered));
  const missing = missingFields(known, target.defaults).map(({ id }) => id);
  const initial = Object.fromEntries(fields.map(({ id, value }) => [id, value]));
  const capabilities = resolveSourceCapabilities(providerFor(runtime, source), source.options);
  return {
    sourceId: source.id,
    projectId,
    container: target.container,
    issueType: target.issueType,
    fields: [...defectFields(runtime.vocabulary, capabilities), ...fields],
    schema: valuesSchema(known, initial, missing),
    requiredFieldsMissing: missing,
    fetchedAt: form?.fetchedAt ?? null,
    isStale: form?.isStale ?? true,
  };
}
