import { targetOfProject } from "../../engine/link-mapping.ts";
import type { Provider } from "../../provider/provider.ts";
import { resolveSourceCapabilities } from "../../provider/resolved-capabilities.ts";
import { siteOf } from "../../runtime/session.ts";
import type { SourceRow, TargetRow } from "../../storage/rows/source-rows.ts";
import { findAll, findByKeys } from "../find-by-keys.ts";
import type { ServiceContext } from "../service-context.ts";

/** A source with its targets. */
export interface SourceChoice {
  readonly source: SourceRow;
  readonly targets: readonly TargetRow[];
}

/** @param sourceIds null for all of the tenant */
export async function loadSourceChoices(
  context: ServiceContext,
  sourceIds: readonly string[] | null,
): Promise<readonly SourceChoice[]> {
  const { runtime, scope } = context;
  const sources: SourceRow[] = [];
  if (sourceIds === null) {
    for await (const rows of findAll(runtime.storage, scope, "source", "all", [])) sources.push(...rows);
  } else {
    const keys = [...new Set(sourceIds)].map((id) => [id]);
    sources.push(...(await findByKeys(runtime.storage, scope, "source", "id", keys)));
  }
  const targets = await findByKeys(
    runtime.storage,
    scope,
    "target",
    "source",
    sources.map((source) => [source.id]),
  );
  return sources.map((source) => ({ source, targets: targets.filter((target) => target.sourceId === source.id) }));
}

export function isUsableBy(source: SourceRow, projectId: string): boolean {
  return source.projects === null || source.projects.includes(projectId);
}

/**
 * Where a key that names no container is: what the tracker itself says, else what an admin does. Where items tell issues apart in
 * the whole source, any container will do to look from: reading tells which it is.
 */
export function containerOfKey(provider: Provider, choice: SourceChoice, projectId: string): string | null {
  const { source, targets } = choice;
  const said = provider.onlyContainer?.(siteOf(source)) ?? containerOfProject(choice, projectId);
  if (said !== null || resolveSourceCapabilities(provider, source.options).itemScope === "container") return said;
  return source.containers?.[0] ?? targets[0]?.container ?? null;
}

/** Where an admin wants a project's keys to be looked for. */
export function containerOfProject({ source, targets }: SourceChoice, projectId: string): string | null {
  const [onlyContainer, ...others] = source.containers ?? [];
  const target = targetOfProject(targets, projectId);
  return target?.container ?? (others.length === 0 ? (onlyContainer ?? null) : null);
}
