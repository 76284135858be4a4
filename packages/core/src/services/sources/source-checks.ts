import type { JsonValue } from "../../domain/json.ts";
import type { SyncMappingInput } from "../../domain/mapping.ts";
import type { SourceFeature } from "../../domain/source-features.ts";
import { BackrefError, type InputIssue } from "../../errors/index.ts";
import { invalidInput, parseForm } from "../../input/parse-input.ts";
import { checkMapping, type MappingProblem } from "../../mapping/check-mapping.ts";
import { resolveMapping } from "../../mapping/default-mapping.ts";
import type { ProviderDescription } from "../../provider/form.ts";
import type { Provider } from "../../provider/provider.ts";
import { resolveSourceCapabilities } from "../../provider/resolved-capabilities.ts";
import { takesNoAuth } from "../../runtime/credentials.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import { missingFor } from "../../runtime/source-features.ts";
import { type BaseUrlRules, parseBaseUrl } from "../../security/base-url.ts";
import type { ParsedTarget } from "./source-input.ts";

type Description = ProviderDescription<unknown, unknown>;

/** The base URL of the API, of whatever address people gave. @throws BackrefError `invalid-input` */
export function parseSourceUrl(provider: Provider, text: string, rules: BaseUrlRules): string {
  const given = parseBaseUrl(text, rules);
  return provider.normaliseBaseUrl === undefined ? given : parseBaseUrl(provider.normaliseBaseUrl(given), rules);
}

/** The credential; null where the provider takes that, also where none is given. */
export function parseAuth(provider: Provider, auth: unknown): unknown {
  const given = auth === undefined && takesNoAuth(provider) ? null : auth;
  return parseForm(provider.describe().auth, given, "auth", ["auth"]);
}

/** Containers as the provider writes them, each once. */
export function parseContainers(
  description: Description,
  containers: readonly string[] | null,
): readonly string[] | null {
  if (containers === null) return null;
  const parsed = containers.map((text, index) =>
    parseForm(description.container, text, "containers", ["containers", index]),
  );
  return [...new Set(parsed)];
}

export function parseTargetContainers(
  description: Description,
  targets: readonly ParsedTarget[],
  path: InputIssue["path"],
): readonly ParsedTarget[] {
  return targets.map((target, index) => ({
    ...target,
    container: parseForm(description.container, target.container, "target", [...path, index, "container"]),
  }));
}

/** Options as plain JSON, defaults filled in. */
export function parseOptions(description: Description, options: unknown): JsonValue {
  const value = parseForm(description.options, options ?? {}, "options", ["options"]);
  return JSON.parse(JSON.stringify(value ?? null)) as JsonValue;
}

/** Only what the provider can, and nothing without what it needs. @throws BackrefError `invalid-input` */
export function checkFeatures(
  provider: Provider,
  source: { readonly options: JsonValue; readonly features: readonly SourceFeature[] | null },
): void {
  const { features } = source;
  if (features === null) return;
  const { name } = provider.describe();
  const capabilities = resolveSourceCapabilities(provider, source.options);
  const issues = features.flatMap((feature): readonly InputIssue[] => {
    const missing = missingFor(provider, capabilities, feature);
    if (missing !== null) return [{ path: ["features"], message: `"${feature}" cannot be had: ${name} ${missing}` }];
    const needsRead = feature !== "link" && feature !== "read" && !features.includes("read");
    return needsRead ? [{ path: ["features"], message: `"${feature}" needs "read"` }] : [];
  });
  if (issues.length > 0) throw invalidInput("source", issues);
}

/** Targets must be for projects that may use the source, in containers that it may reach. */
export function checkTargets(
  targets: readonly { readonly projectId: string; readonly container: string }[],
  source: { readonly projects: readonly string[] | null; readonly containers: readonly string[] | null },
): void {
  for (const { projectId, container } of targets) {
    if (projectId !== "*" && source.projects !== null && !source.projects.includes(projectId)) {
      throw invalidInput("targets", [
        {
          path: ["targets"],
          message: `project "${projectId}" is not among the source's projects; add it there or drop its target`,
        },
      ]);
    }
    if (source.containers !== null && !source.containers.includes(container)) {
      throw new BackrefError({
        code: "container-not-allowed",
        message: `The target of project "${projectId}" is "${container}", which the source may not reach. Add it to \`containers\` (now: ${source.containers.join(", ") || "none"}).`,
        data: { container, projectId },
      });
    }
  }
}

const priorityUnsaid =
  'priority: the source\'s options put it into a field, so say which of its values stands for which of yours, for example { remote: "High", local: ["critical"] }.';

interface MappedTarget {
  readonly projectId: string;
  readonly mapping: SyncMappingInput;
}

/**
 * What an admin should know about the mappings of a source and its targets, most severe first. Warnings about a part that
 * nobody wrote are left out, but for values that have no counterpart.
 */
export function mappingProblems(
  runtime: Pick<Runtime, "vocabulary" | "mapping">,
  provider: Provider,
  source: { readonly options: JsonValue; readonly mapping: SyncMappingInput },
  targets: readonly MappedTarget[],
): readonly MappingProblem[] {
  const { mapping: sourceMapping } = source;
  const capabilities = resolveSourceCapabilities(provider, source.options);
  const { vocabulary, mapping } = runtime;
  const resolve = (inputs: readonly SyncMappingInput[]) =>
    resolveMapping({ vocabulary, capabilities, inputs: [mapping, ...inputs] });
  // What comes from a more general place has no index here.
  const check = (inputs: readonly SyncMappingInput[], own: SyncMappingInput, path: InputIssue["path"]) =>
    checkMapping(resolve(inputs), vocabulary, capabilities).map((problem) => {
      const isOwn = own[problem.field] !== undefined;
      return { ...problem, isOwn, path: [...path, ...(isOwn ? problem.path : [problem.field])] };
    });
  // Whoever chooses a field for the priority has to say what its values stand for: only they know them.
  const isChosen = capabilities.priority === "field" && provider.capabilities.priority !== "field";
  const mappings = targets.length === 0 ? [[sourceMapping]] : targets.map((target) => [sourceMapping, target.mapping]);
  const unsaid = isChosen && mappings.some((inputs) => resolve(inputs).priority.length === 0);
  const missing: MappingProblem = {
    severity: "error",
    kind: "unmapped-value",
    field: "priority",
    path: ["mapping", "priority"],
    message: priorityUnsaid,
  };
  const ofSource = check([sourceMapping], sourceMapping, ["mapping"]).filter(({ severity, kind, isOwn }) =>
    severity === "error" ? hasContent(sourceMapping) : isOwn || kind === "unmapped-value",
  );
  const ofTarget = ({ projectId, mapping: own }: MappedTarget) =>
    check([sourceMapping, own], own, ["targets", projectId, "mapping"]).filter(({ severity, message, isOwn }) => {
      const isKnown = ofSource.some((problem) => problem.message === message);
      return isOwn || (severity === "error" && hasContent(own) && !isKnown);
    });
  const found = [
    ...(unsaid ? [missing] : []),
    ...[...ofSource, ...targets.flatMap(ofTarget)].map(({ isOwn: _, ...problem }) => problem),
  ];
  const errors = found.filter(({ severity }) => severity === "error");
  return [...errors, ...found.filter(({ severity }) => severity !== "error")];
}

/** @throws BackrefError `mapping-invalid` for what would be refused by every link */
export function checkMappings(...given: Parameters<typeof mappingProblems>): void {
  const issues = mappingProblems(...given)
    .filter(({ severity }) => severity === "error")
    .map(({ path, message }) => ({ path, message }));
  if (issues.length === 0) return;
  throw new BackrefError({
    code: "mapping-invalid",
    message: `The mapping cannot work. ${issues.map((issue) => issue.message).join(" ")}`,
    issues,
  });
}

function hasContent(mapping: SyncMappingInput): boolean {
  return Object.keys(mapping).length > 0;
}
