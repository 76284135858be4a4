import { isDeepStrictEqual } from "node:util";
import { describeActivity } from "../../activity/activity.ts";
import { parseForm, parseInput } from "../../input/parse-input.ts";
import { resolveSourceCapabilities } from "../../provider/capabilities.ts";
import type { Provider } from "../../provider/provider.ts";
import { featuresOf, withFeatures } from "../../runtime/source-features.ts";
import { providerOf } from "../../runtime/source-provider.ts";
import type { Write } from "../../storage/commit.ts";
import type { SourceRow } from "../../storage/rows/source-rows.ts";
import { commitPlan } from "../commit-plan.ts";
import { actorIdOf, type ServiceContext } from "../service-context.ts";
import { planTargets } from "./plan-targets.ts";
import { checkFeatures, parseContainers, parseOptions, parseSourceUrl } from "./source-checks.ts";
import { type ParsedUpdateSource, updateSourceSchema } from "./source-input.ts";
import { appScopeOf, budgetIdOf, credentialEnd, loadSource, sourceResource } from "./source-rows.ts";
import { activeLinks, sourceInUse, wouldReaddressIssues } from "./source-use.ts";
import type { SourcesOptions } from "./sources-options.ts";

export async function updateSource(
  context: ServiceContext,
  options: SourcesOptions,
  id: string,
  input: unknown,
): Promise<SourceRow> {
  const { runtime, authoriser, actor, scope } = context;
  const parsed = parseInput(updateSourceSchema, input, "source");
  return await commitPlan(runtime, scope, "source.update", async () => {
    const before = await loadSource(context, id, "source.update");
    const provider = providerOf(runtime, before.providerId);
    const auth =
      parsed.auth === undefined ? undefined : parseForm(provider.describe().auth, parsed.auth, "auth", ["auth"]);
    const configured = configuredSource(before, parsed, provider, options);
    checkFeatures(provider, configured);
    // Nobody hands a source to projects, or takes it over, beyond those they may configure.
    await authoriser.authorise(actor, "source.update", sourceResource(configured));
    const addressesChange =
      configured.baseUrl !== before.baseUrl || !isDeepStrictEqual(configured.options, before.options);
    if (addressesChange && (await wouldReaddressIssues(context, provider, before, configured))) {
      throw sourceInUse(
        before,
        `its issues would get other keys or URLs. Create a new source for ${configured.baseUrl}, and delete this one when nothing needs it.`,
      );
    }
    if (losesReading(provider, before, configured) && (await activeLinks(context, before.id)).length > 0) {
      throw sourceInUse(before, "its links need `read`. Detach them, or disable the source, where they stand still.");
    }
    const existing = await runtime.storage.find(scope, { table: "target", by: "source", keys: [[before.id]] });
    const used = withFeatures(provider, configured.features);
    const targets = await planTargets(context, { before, configured, parsed, provider: used, existing });
    const capabilitiesOf = (row: SourceRow) =>
      resolveSourceCapabilities(withFeatures(provider, row.features), row.options);
    const featuresChanged = !isDeepStrictEqual(featuresOf(provider, before), featuresOf(provider, configured));
    const mappingChanged =
      targets.mappingChanged ||
      featuresChanged ||
      !isDeepStrictEqual(configured.mapping, before.mapping) ||
      // Another place for the priority is another mapping: what was agreed on there says nothing about it.
      !isDeepStrictEqual(capabilitiesOf(configured), capabilitiesOf(before));
    // At another address even the same credential is another one: nothing is known about it there.
    const isMoved = configured.baseUrl !== before.baseUrl;
    const renewed = auth ?? (isMoved ? await storedAuth(context, provider, before) : undefined);
    const now = runtime.clock.now();
    const after: SourceRow = {
      ...configured,
      ...(renewed === undefined ? {} : reconnected(before, configured, provider, renewed, options, now)),
      mappingVersion: before.mappingVersion + (mappingChanged ? 1 : 0),
      updatedAt: now,
      revision: before.revision + 1,
    };
    const changed = changedFields(before, after, parsed, targets.writes.length > 0);
    if (changed.length === 0) return { unit: null, events: [], result: before };
    return {
      unit: {
        require: [{ table: "source", id: before.id, match: { revision: before.revision } }],
        write: [
          { type: "update", table: "source", id: before.id, set: changedColumns(before, after) },
          ...targets.writes,
          ...(renewed === undefined ? [] : wakeUp(before.id)),
          ...(featuresChanged ? lookAgain(before.id) : []),
          ...(await stageSecrets(context, before.id, auth, parsed.webhookSecret)),
        ],
      },
      events: [
        describeActivity(
          runtime,
          "source-updated",
          { tenantId: scope.tenantId, actorId: actorIdOf(actor), sourceId: before.id },
          { changed },
        ),
      ],
      result: after,
    };
  });
}

async function storedAuth(context: ServiceContext, provider: Provider, source: SourceRow): Promise<unknown> {
  const { runtime, scope } = context;
  const stored = await runtime.credentials.read({ tenantId: scope.tenantId, sourceId: source.id, name: "auth" });
  return parseForm(provider.describe().auth, JSON.parse(stored), "auth", ["auth"]);
}

/** The source with what an admin wrote, before anything follows from it. */
function configuredSource(
  before: SourceRow,
  parsed: ParsedUpdateSource,
  provider: Provider,
  options: SourcesOptions,
): SourceRow {
  const description = provider.describe();
  return {
    ...before,
    name: parsed.name ?? before.name,
    enabled: parsed.enabled ?? before.enabled,
    baseUrl: parsed.baseUrl === undefined ? before.baseUrl : parseSourceUrl(provider, parsed.baseUrl, options),
    options: parsed.options === undefined ? before.options : parseOptions(description, parsed.options),
    containers: parsed.containers === undefined ? before.containers : parseContainers(description, parsed.containers),
    projects: parsed.projects === undefined ? before.projects : parsed.projects,
    features: parsed.features === undefined ? before.features : parsed.features,
    issueMaxAgeMs: parsed.issueMaxAgeMs === undefined ? before.issueMaxAgeMs : parsed.issueMaxAgeMs,
    mapping: parsed.mapping ?? before.mapping,
  };
}

/** A new credential: healthy until the tracker says otherwise, and possibly another account's. */
function reconnected(
  before: SourceRow,
  configured: SourceRow,
  provider: Provider,
  auth: unknown,
  options: SourcesOptions,
  now: number,
): Partial<SourceRow> {
  return {
    accountId: null,
    accountName: null,
    credentialVersion: before.credentialVersion + 1,
    credentialExpiresAt: credentialEnd(provider, auth),
    appScope: appScopeOf(provider, auth, configured.baseUrl),
    health: "ok",
    healthReason: null,
    healthSince: before.health === "ok" ? before.healthSince : now,
    budgetId: budgetIdOf({
      tenantId: before.tenantId,
      sourceId: before.id,
      providerId: before.providerId,
      baseUrl: configured.baseUrl,
      auth,
      fingerprint: options.fingerprint ?? null,
    }),
  };
}

/** Work that waited for a credential starts afresh. */
export function wakeUp(sourceId: string): readonly Write[] {
  return [
    { type: "mark", table: "link", by: "source", keys: [[sourceId]], afterMs: 0, reset: true },
    { type: "mark", table: "pollScope", by: "source", keys: [[sourceId]], afterMs: 0 },
  ];
}

/** What was missed while something was switched off is looked for. */
function lookAgain(sourceId: string): readonly Write[] {
  const bySource = { by: "source", keys: [[sourceId]], afterMs: 0 } as const;
  return [
    { type: "mark", table: "link", ...bySource, checkIssue: true, checkComments: true },
    { type: "mark", table: "pollScope", ...bySource },
  ];
}

function losesReading(provider: Provider, before: SourceRow, after: SourceRow): boolean {
  return featuresOf(provider, before).includes("read") && !featuresOf(provider, after).includes("read");
}

async function stageSecrets(
  context: ServiceContext,
  sourceId: string,
  auth: unknown,
  webhookSecret: string | undefined,
): Promise<readonly Write[]> {
  const { credentials } = context.runtime;
  const { tenantId } = context.scope;
  return [
    ...(auth === undefined ? [] : await credentials.stage({ tenantId, sourceId, name: "auth" }, JSON.stringify(auth))),
    ...(webhookSecret === undefined
      ? []
      : await credentials.stage({ tenantId, sourceId, name: "webhook" }, webhookSecret)),
  ];
}

function changedColumns(before: SourceRow, after: SourceRow): Partial<SourceRow> {
  const names = (Object.keys(after) as (keyof SourceRow)[]).filter(
    (name) => !isDeepStrictEqual(before[name], after[name]),
  );
  return Object.fromEntries(names.map((name) => [name, after[name]])) as Partial<SourceRow>;
}

/** Names for the activity log; never values. */
function changedFields(
  before: SourceRow,
  after: SourceRow,
  parsed: ParsedUpdateSource,
  targetsChanged: boolean,
): readonly string[] {
  const shown = [
    "name",
    "enabled",
    "baseUrl",
    "options",
    "containers",
    "projects",
    "features",
    "issueMaxAgeMs",
    "mapping",
  ] as const;
  return [
    ...shown.filter((name) => !isDeepStrictEqual(before[name], after[name])),
    ...(targetsChanged ? ["targets"] : []),
    ...(parsed.auth === undefined ? [] : ["auth"]),
    ...(parsed.webhookSecret === undefined ? [] : ["webhookSecret"]),
  ];
}
