import { describeActivity } from "../../activity/activity.ts";
import { type Actor, isSystemActor } from "../../domain/actor.ts";
import { lookAfter, polledContainers } from "../../engine/poll-scopes.ts";
import { invalidInput, parseInput } from "../../input/parse-input.ts";
import { credentialEnd } from "../../runtime/held-credential.ts";
import { withFeatures } from "../../runtime/source-features.ts";
import { providerOf } from "../../runtime/source-provider.ts";
import { parseCaCertificate } from "../../security/ca-certificate.ts";
import type { Write } from "../../storage/commit.ts";
import type { SourceRow } from "../../storage/rows/source-rows.ts";
import { commitPlan } from "../commit-plan.ts";
import { actorIdOf, type ServiceContext } from "../service-context.ts";
import {
  checkFeatures,
  checkMappings,
  checkTargets,
  parseAuth,
  parseContainers,
  parseOptions,
  parseSourceUrl,
  parseTargetContainers,
} from "./source-checks.ts";
import { createSourceSchema, type ParsedTarget } from "./source-input.ts";
import { appScopeOf, budgetIdOf, targetRow } from "./source-rows.ts";
import type { SourcesOptions } from "./sources-options.ts";

/** Who may not give a source to every project gives it to those it has targets for. */
function defaultProjects(actor: Actor, targets: readonly ParsedTarget[]): readonly string[] | null {
  if (isSystemActor(actor) || actor.role !== undefined) return null;
  const projects = targets.map((target) => target.projectId);
  return projects.length === 0 || projects.includes("*") ? null : projects;
}

export async function createSource(
  context: ServiceContext,
  options: SourcesOptions,
  input: unknown,
): Promise<SourceRow> {
  const { runtime, authoriser, actor, scope } = context;
  const given = parseInput(createSourceSchema, input, "source");
  const parsed = {
    ...given,
    projects: given.projects === undefined ? defaultProjects(actor, given.targets) : given.projects,
  };
  await authoriser.authorise(actor, "source.create", {
    kind: "source",
    tenantId: scope.tenantId,
    projectIds: parsed.projects,
  });
  const provider = providerOf(runtime, parsed.provider);
  const description = provider.describe();
  const baseUrlText = parsed.baseUrl ?? description.defaultBaseUrl;
  if (baseUrlText === null) {
    throw invalidInput("source", [
      { path: ["baseUrl"], message: `${description.name} has no address of its own; give yours` },
    ]);
  }
  const baseUrl = parseSourceUrl(provider, baseUrlText, options);
  const caCertificate = parseCaCertificate(parsed.caCertificate);
  // Where people sign in by redirect, that may come afterwards.
  const isUnsigned = parsed.auth === undefined && provider.authorization !== undefined;
  const auth = isUnsigned ? undefined : parseAuth(provider, parsed.auth);
  const containers = parseContainers(description, parsed.containers);
  const targets = parseTargetContainers(description, parsed.targets, ["targets"]);
  checkTargets(targets, { projects: parsed.projects, containers });
  const sourceOptions = parseOptions(description, parsed.options);
  const { features, issueMaxAgeMs, bulkGuardChanges } = parsed;
  checkFeatures(provider, { options: sourceOptions, features });
  const used = withFeatures(provider, features);
  checkMappings(runtime, used, { options: sourceOptions, mapping: parsed.mapping }, targets);

  const now = runtime.clock.now();
  const { tenantId } = scope;
  const id = runtime.ids.id();
  const source: SourceRow = {
    tenantId,
    id,
    name: parsed.name,
    providerId: provider.id,
    baseUrl,
    caCertificate,
    options: sourceOptions,
    accountId: null,
    accountName: null,
    containers,
    projects: parsed.projects,
    features,
    issueMaxAgeMs,
    bulkGuardChanges,
    heldSince: null,
    heldReason: null,
    guardEpoch: 0,
    guardAnswers: [],
    enabled: true,
    health: isUnsigned ? "reconnect-required" : "ok",
    healthReason: isUnsigned ? `Nobody has signed in to ${description.name} for this source yet.` : null,
    healthSince: now,
    budgetId: budgetIdOf({
      tenantId,
      sourceId: id,
      providerId: provider.id,
      baseUrl,
      auth,
      fingerprint: isUnsigned ? null : (options.fingerprint ?? null),
    }),
    credentialVersion: 1,
    credentialExpiresAt: isUnsigned ? null : credentialEnd(provider, auth),
    mapping: parsed.mapping,
    mappingVersion: 1,
    endpoint: runtime.ids.token(),
    appScope: isUnsigned ? null : appScopeOf(provider, auth, baseUrl),
    createdAt: now,
    updatedAt: now,
    revision: 1,
  };
  const rows: readonly Write[] = [
    { type: "insert", table: "source", row: source },
    ...targets.map((target): Write => ({ type: "insert", table: "target", row: targetRow(runtime, source, target) })),
    ...lookAfter(runtime, source, polledContainers(used, targets)),
  ];
  const event = describeActivity(
    runtime,
    "source-created",
    { tenantId, actorId: actorIdOf(actor), sourceId: id },
    { name: source.name, provider: provider.id },
  );
  const authName = { tenantId, sourceId: id, name: "auth" } as const;
  const webhookName = { tenantId, sourceId: id, name: "webhook" } as const;
  try {
    const secrets = [
      ...(isUnsigned || auth === null ? [] : await runtime.credentials.stage(authName, JSON.stringify(auth))),
      ...(parsed.webhookSecret === undefined ? [] : await runtime.credentials.stage(webhookName, parsed.webhookSecret)),
    ];
    return await commitPlan(runtime, scope, "source.create", async () => ({
      unit: { write: [...rows, ...secrets] },
      events: [event],
      result: source,
    }));
  } catch (error) {
    // A vault has stored the values already, and nobody else would ever take them out.
    await Promise.allSettled([runtime.credentials.remove(authName), runtime.credentials.remove(webhookName)]);
    throw error;
  }
}
