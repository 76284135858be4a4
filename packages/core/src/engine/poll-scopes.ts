import type { Provider } from "../provider/provider.ts";
import { resolveCapabilities } from "../provider/resolved-capabilities.ts";
import type { Runtime } from "../runtime/runtime.ts";
import type { Write } from "../storage/commit.ts";
import type { PollScopeRow, SourceRow } from "../storage/rows/source-rows.ts";
import { idleWork } from "../storage/rows/work-columns.ts";

/** Where polling of a new scope begins, so that a change in the very moment of its creation is seen. */
const pollOverlapMs = 60_000;

/**
 * What has to be looked after for these targets: nothing, the source as a whole (`""`), or each container. A source that
 * cannot be polled but read is looked after as a whole: its links are swept all the same.
 */
export function polledContainers(
  provider: Provider,
  targets: readonly { readonly container: string }[],
): readonly string[] {
  if (provider.changes === undefined) return provider.read === undefined ? [] : [""];
  if (resolveCapabilities(provider.capabilities).pollScope === "source") return [""];
  return [...new Set(targets.map((target) => target.container))];
}

/** Due at once. */
export function pollScopeRow(
  runtime: Runtime,
  source: Pick<SourceRow, "tenantId" | "id">,
  container: string,
): PollScopeRow {
  const now = runtime.clock.now();
  return {
    ...idleWork,
    dueAt: now,
    tenantId: source.tenantId,
    id: runtime.ids.id(),
    sourceId: source.id,
    container,
    cursor: null,
    startAt: now - pollOverlapMs,
    lastPolledAt: null,
    failures: 0,
    problem: null,
    sweepCursor: null,
    lastSweptAt: null,
    defectCursor: null,
    degradedByLinkId: null,
    webhook: null,
  };
}

/** From now on somebody looks after these, unless somebody does already. */
export function lookAfter(
  runtime: Runtime,
  source: Pick<SourceRow, "tenantId" | "id">,
  containers: readonly string[],
): readonly Write[] {
  return containers.map(
    (container): Write => ({
      type: "insert",
      table: "pollScope",
      ifExists: "skip",
      row: pollScopeRow(runtime, source, container),
    }),
  );
}
