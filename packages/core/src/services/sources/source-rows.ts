import { isBlank } from "../../forms/missing-fields.ts";
import { parseInput, recordId } from "../../input/parse-input.ts";
import type { Provider } from "../../provider/provider.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import type { Action } from "../../security/actions.ts";
import { notFound } from "../../security/authoriser.ts";
import type { Resource } from "../../security/policy.ts";
import type { SourceRow, TargetRow } from "../../storage/rows/source-rows.ts";
import type { ServiceContext } from "../service-context.ts";
import type { ParsedTarget } from "./source-input.ts";

export function sourceResource(row: Pick<SourceRow, "tenantId" | "id" | "projects">): Resource {
  return { kind: "source", tenantId: row.tenantId, projectIds: row.projects, id: row.id };
}

/** Throws `not-found` or `permission-denied`. */
export async function loadSource(context: ServiceContext, id: string, action: Action): Promise<SourceRow> {
  const { runtime, authoriser, actor, scope } = context;
  const sourceId = parseInput(recordId, id, "source id");
  const [row] = await runtime.storage.find(scope, { table: "source", by: "id", keys: [[sourceId]] });
  if (row === undefined) throw notFound({ kind: "source", id: sourceId });
  await authoriser.authorise(actor, action, sourceResource(row));
  return row;
}

/** Sources that share a credential share what they may still spend. Without a key the credential stays unnamed. */
export function budgetIdOf(request: {
  readonly tenantId: string;
  readonly sourceId: string;
  readonly providerId: string;
  readonly baseUrl: string;
  readonly auth: unknown;
  readonly fingerprint: ((text: string) => string) | null;
}): string {
  const { tenantId, sourceId, providerId, baseUrl, auth, fingerprint } = request;
  const credential = JSON.stringify(["budget", tenantId, baseUrl, auth]);
  return `${providerId}:${fingerprint === null ? sourceId : fingerprint(credential)}`;
}

/** Which deliveries of an app concern the source; null for a credential that is no app's. */
export function appScopeOf(provider: Provider, auth: unknown, baseUrl: string): string | null {
  return provider.webhooks?.appScopeOf?.(auth, { baseUrl }) ?? null;
}

/** What is known to be missing is known about a container and type. A default that is given ends it. */
function stillMissing(target: ParsedTarget, existing: TargetRow | undefined): TargetRow["missingFields"] {
  const isSame = existing?.container === target.container && existing.issueType === target.issueType;
  const missing = isSame ? (existing.missingFields ?? []).filter(({ id }) => isBlank(target.defaults[id])) : [];
  return missing.length === 0 ? null : missing;
}

export function targetRow(
  runtime: Runtime,
  source: Pick<SourceRow, "tenantId" | "id">,
  target: ParsedTarget,
  existing?: TargetRow,
): TargetRow {
  return {
    tenantId: source.tenantId,
    id: existing?.id ?? runtime.ids.id(),
    sourceId: source.id,
    ...target,
    // What is known about labels is known about a container.
    labels: existing !== undefined && existing.container === target.container ? existing.labels : null,
    missingFields: stillMissing(target, existing),
  };
}
