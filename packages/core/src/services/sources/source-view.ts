import type { JsonObject, JsonValue } from "../../domain/json.ts";
import { checkValues } from "../../forms/check-values.ts";
import { formFieldsOf } from "../../forms/stored-form.ts";
import type { Provider } from "../../provider/provider.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import { featuresOf, withFeatures } from "../../runtime/source-features.ts";
import type { IssueFormRow } from "../../storage/rows/form-rows.ts";
import type { BudgetRow, SourceRow, TargetRow } from "../../storage/rows/source-rows.ts";
import { findByKeys } from "../find-by-keys.ts";
import { withOwnFields } from "../forms/own-fields.ts";
import type { ServiceContext } from "../service-context.ts";
import type { Source, Target } from "../sources-types.ts";
import { endInWords } from "./end-in-words.ts";
import { heldLinks } from "./held-links.ts";
import { certificateView } from "./source-certificate.ts";
import { mappingProblems } from "./source-checks.ts";
import { sourceResource } from "./source-rows.ts";

/** Rows as hosts see them, in order, with what is needed beside them read at once. */
export async function viewSources(context: ServiceContext, rows: readonly SourceRow[]): Promise<readonly Source[]> {
  const { runtime, authoriser, actor, scope } = context;
  if (rows.length === 0) return [];
  const budgetIds = [...new Set(rows.map((row) => row.budgetId))];
  const [allTargets, budgets, forms] = await Promise.all([
    findByKeys(
      runtime.storage,
      scope,
      "target",
      "source",
      rows.map((row) => [row.id]),
    ),
    findByKeys(
      runtime.storage,
      scope,
      "budget",
      "id",
      budgetIds.map((id) => [id]),
    ),
    findByKeys(
      runtime.storage,
      scope,
      "issueForm",
      "source",
      rows.map((row) => [row.id]),
    ),
  ]);
  const targets = await authoriser.filter(actor, "source.read", allTargets, (target) => ({
    kind: "source",
    tenantId: scope.tenantId,
    projectIds: target.projectId === "*" ? null : [target.projectId],
    id: target.sourceId,
  }));
  const changeable = new Set(await authoriser.filter(actor, "source.update", rows, sourceResource));
  const held = await heldLinks(context, rows);
  const now = runtime.clock.now();
  return rows.map((row) =>
    sourceView(runtime, row, {
      provider: runtime.providers.get(row.providerId),
      isChangeable: changeable.has(row),
      heldLinks: held.get(row.id) ?? 0,
      targets: targets.filter((target) => target.sourceId === row.id),
      forms,
      budget: budgets.find((budget) => budget.id === row.budgetId),
      now,
      warningMs: runtime.limits.credentialWarningMs,
    }),
  );
}

function sourceView(
  runtime: Runtime,
  row: SourceRow,
  beside: {
    readonly provider: Provider | undefined;
    readonly isChangeable: boolean;
    readonly heldLinks: number;
    readonly targets: readonly TargetRow[];
    readonly forms: readonly IssueFormRow[];
    readonly budget: BudgetRow | undefined;
    readonly now: number;
    readonly warningMs: number;
  },
): Source {
  return {
    id: row.id,
    name: row.name,
    provider: row.providerId,
    baseUrl: row.baseUrl,
    caCertificate: beside.isChangeable ? certificateView(row, beside) : null,
    options: shownOptions(row.options, beside.provider),
    account: row.accountId === null ? null : { id: row.accountId, name: row.accountName },
    containers: row.containers,
    projects: row.projects,
    features: beside.provider === undefined ? (row.features ?? []) : featuresOf(beside.provider, row),
    issueMaxAgeMs: row.issueMaxAgeMs,
    bulkGuardChanges: row.bulkGuardChanges,
    held:
      row.heldSince === null ? null : { since: row.heldSince, reason: row.heldReason ?? "", links: beside.heldLinks },
    targets: beside.targets.map((target) => targetView(target, beside.forms)),
    mapping: row.mapping,
    mappingVersion: row.mappingVersion,
    mappingWarnings:
      beside.provider === undefined
        ? []
        : mappingProblems(runtime, withFeatures(beside.provider, row.features), row, beside.targets).filter(
            ({ severity }) => severity === "warning",
          ),
    enabled: row.enabled,
    health: healthView(row, beside.budget, beside.now),
    credentialExpiresAt: row.credentialExpiresAt,
    credentialWarning: credentialWarning(row, beside),
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  };
}

function targetView(row: TargetRow, forms: readonly IssueFormRow[]): Target {
  const { id, projectId, container, issueType, defaults, mapping, missingFields } = row;
  const requiredFieldsMissing = missingFields;
  const defaultWarnings = warningsOf(row, forms);
  return { id, projectId, container, issueType, defaults, mapping, requiredFieldsMissing, defaultWarnings };
}

/** What the stored form has against a target's defaults; nothing where none is stored. */
function warningsOf(target: TargetRow, forms: readonly IssueFormRow[]): Target["defaultWarnings"] {
  const { sourceId, container, issueType, defaults } = target;
  const isHere = (one: IssueFormRow) =>
    one.sourceId === sourceId && one.container === container && one.issueType === (issueType ?? "");
  const form = forms.find(isHere);
  if (form === undefined) return [];
  const issues = checkValues(withOwnFields(formFieldsOf(form)), defaults);
  return issues.map(({ path, message }) => ({ field: String(path[0]), message }));
}

function credentialWarning(
  row: SourceRow,
  beside: { readonly now: number; readonly warningMs: number },
): string | null {
  const { credentialExpiresAt: endsAt } = row;
  if (endsAt === null || endsAt - beside.now > beside.warningMs) return null;
  return `The credential ${endInWords(endsAt, beside.now)}. Enter a new one with sources.update(id, { auth }).`;
}

/** What a person should hear first: switched off, then waiting for a credential, then waiting for the tracker. */
function healthView(row: SourceRow, budget: BudgetRow | undefined, now: number): Source["health"] {
  const stored = { reason: row.healthReason, since: row.healthSince, until: null };
  if (!row.enabled) return { ...stored, status: "disabled", reason: "The source was switched off." };
  if (row.health === "reconnect-required") return { ...stored, status: row.health };
  if (budget !== undefined && budget.blockedUntil > now) {
    return { status: "rate-limited", reason: budget.reason, since: row.healthSince, until: budget.blockedUntil };
  }
  return { ...stored, status: row.health };
}

/** Without a provider nobody knows which options are secret, so none are shown. */
function shownOptions(options: JsonValue, provider: Provider | undefined): JsonValue {
  if (provider === undefined) return null;
  if (!isObject(options)) return options;
  const { properties } = provider.describe().options.schema;
  const isSecret = (name: string): boolean => {
    const property = isObject(properties) ? properties[name] : undefined;
    if (!isObject(property)) return false;
    const { writeOnly } = property;
    return writeOnly === true;
  };
  return Object.fromEntries(Object.entries(options).filter(([name]) => !isSecret(name)));
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
