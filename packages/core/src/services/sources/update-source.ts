import { isDeepStrictEqual } from "node:util";
import { describeActivity } from "../../activity/activity.ts";
import { parseInput } from "../../input/parse-input.ts";
import type { Provider } from "../../provider/provider.ts";
import { resolveSourceCapabilities } from "../../provider/resolved-capabilities.ts";
import { isAbsentCredential } from "../../runtime/credentials.ts";
import { readCredential } from "../../runtime/held-credential.ts";
import { featuresOf, withFeatures } from "../../runtime/source-features.ts";
import { providerOf } from "../../runtime/source-provider.ts";
import { wakeUp } from "../../runtime/wake-up.ts";
import { parseCaCertificate } from "../../security/ca-certificate.ts";
import { forgetRenewals } from "../../security/renewal-lease.ts";
import type { Write } from "../../storage/commit.ts";
import type { SourceRow } from "../../storage/rows/source-rows.ts";
import { commitPlan } from "../commit-plan.ts";
import { actorIdOf, type ServiceContext } from "../service-context.ts";
import { planTargets } from "./plan-targets.ts";
import { reconnected } from "./reconnected.ts";
import { checkFeatures, parseAuth, parseContainers, parseOptions, parseSourceUrl } from "./source-checks.ts";
import { type ParsedUpdateSource, updateSourceSchema } from "./source-input.ts";
import { loadSource, sourceResource } from "./source-rows.ts";
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
    const auth = parsed.auth === undefined ? undefined : parseAuth(provider, parsed.auth);
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
    // Null is a credential too: that of a source which does without one from now on.
    const stored = auth === undefined && isMoved ? await storedAuth(context, provider, before) : undefined;
    const renewed = auth === undefined ? stored : auth;
    const now = runtime.clock.now();
    const after: SourceRow = {
      ...configured,
      ...(renewed === undefined
        ? {}
        : reconnected({ before, baseUrl: configured.baseUrl, provider, auth: renewed, options, now })),
      ...(configured.enabled === before.enabled ? {} : { healthSince: now }),
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
          // What could not connect is tried at once with other authorities, as with another credential.
          ...(renewed === undefined && after.caCertificate === before.caCertificate ? [] : wakeUp(before.id)),
          ...(renewed === undefined ? [] : forgetRenewals(before.id)),
          ...(featuresChanged ? lookAgain(before.id) : []),
          ...(await stageSecrets(context, before.id, auth, parsed.webhookSecret)),
        ],
      },
      events: [
        ...targets.events,
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

/** Undefined where there is none yet: somebody still has to sign in. */
async function storedAuth({ runtime, scope }: ServiceContext, provider: Provider, source: SourceRow): Promise<unknown> {
  try {
    return (await readCredential(runtime.credentials, provider, source, scope)).auth;
  } catch (error) {
    if (provider.authorization !== undefined && isAbsentCredential(error)) return undefined;
    throw error;
  }
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
    caCertificate: parsed.caCertificate === undefined ? before.caCertificate : parseCaCertificate(parsed.caCertificate),
    options: parsed.options === undefined ? before.options : parseOptions(description, parsed.options),
    containers: parsed.containers === undefined ? before.containers : parseContainers(description, parsed.containers),
    projects: parsed.projects === undefined ? before.projects : parsed.projects,
    features: parsed.features === undefined ? before.features : parsed.features,
    issueMaxAgeMs: parsed.issueMaxAgeMs === undefined ? before.issueMaxAgeMs : parsed.issueMaxAgeMs,
    bulkGuardChanges: parsed.bulkGuardChanges === undefined ? before.bulkGuardChanges : parsed.bulkGuardChanges,
    mapping: parsed.mapping ?? before.mapping,
  };
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
  const authName = { tenantId, sourceId, name: "auth" } as const;
  return [
    ...(auth === undefined
      ? []
      : auth === null
        ? await credentials.remove(authName)
        : await credentials.stage(authName, JSON.stringify(auth))),
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
    "caCertificate",
    "options",
    "containers",
    "projects",
    "features",
    "issueMaxAgeMs",
    "bulkGuardChanges",
    "mapping",
  ] as const;
  return [
    ...shown.filter((name) => !isDeepStrictEqual(before[name], after[name])),
    ...(targetsChanged ? ["targets"] : []),
    ...(parsed.auth === undefined ? [] : ["auth"]),
    ...(parsed.webhookSecret === undefined ? [] : ["webhookSecret"]),
  ];
}
