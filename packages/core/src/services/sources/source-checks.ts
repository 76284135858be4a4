import type { JsonValue } from "../../domain/json.ts";
import type { SyncMappingInput } from "../../domain/mapping.ts";
import { BackrefError, type InputIssue } from "../../errors/index.ts";
import { invalidInput, parseForm } from "../../input/parse-input.ts";
import { checkMapping } from "../../mapping/check-mapping.ts";
import { resolveMapping } from "../../mapping/default-mapping.ts";
import { resolveCapabilities } from "../../provider/capabilities.ts";
import type { ProviderDescription } from "../../provider/form.ts";
import type { Provider } from "../../provider/provider.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import type { ParsedTarget } from "./source-input.ts";

type Description = ProviderDescription<unknown, unknown>;

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

/** @throws BackrefError `mapping-invalid` for what would be refused by every link */
export function checkMappings(
  runtime: Pick<Runtime, "vocabulary" | "mapping">,
  provider: Provider,
  sourceMapping: SyncMappingInput,
  targets: readonly { readonly projectId: string; readonly mapping: SyncMappingInput }[],
): void {
  const capabilities = resolveCapabilities(provider.capabilities);
  const { vocabulary, mapping } = runtime;
  const check = (inputs: readonly SyncMappingInput[], path: InputIssue["path"]): readonly InputIssue[] =>
    checkMapping(resolveMapping({ vocabulary, capabilities, inputs: [mapping, ...inputs] }), vocabulary)
      .filter((problem) => problem.severity === "error")
      .map((problem) => ({ path: [...path, problem.field], message: problem.message }));
  const issues = [
    ...(hasContent(sourceMapping) ? check([sourceMapping], ["mapping"]) : []),
    ...targets.flatMap((target) =>
      hasContent(target.mapping)
        ? check([sourceMapping, target.mapping], ["targets", target.projectId, "mapping"])
        : [],
    ),
  ];
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
