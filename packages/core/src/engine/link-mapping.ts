import type { IdentityBook } from "../domain/identity-book.ts";
import type { SyncMapping, SyncMappingInput } from "../domain/mapping.ts";
import { resolveMapping } from "../mapping/default-mapping.ts";
import { createCodecs, type FieldCodec } from "../mapping/field-codec.ts";
import type { ResolvedCapabilities } from "../provider/resolved-capabilities.ts";
import type { Runtime } from "../runtime/runtime.ts";
import type { LinkRow } from "../storage/rows/link-rows.ts";
import type { SourceRow, TargetRow } from "../storage/rows/source-rows.ts";

/** The mapping a link works under and the codecs that follow from it. */
export function mappingOfLink(request: {
  readonly runtime: Pick<Runtime, "vocabulary" | "mapping">;
  readonly capabilities: ResolvedCapabilities;
  readonly source: SourceRow;
  readonly targets: readonly TargetRow[];
  readonly link: Pick<LinkRow, "targetId" | "projectId" | "token">;
  /** Who is who. @default nobody is known */
  readonly identities?: IdentityBook;
}): { readonly target: TargetRow | null; readonly mapping: SyncMapping; readonly codecs: readonly FieldCodec[] } {
  const { runtime, capabilities, source, targets, link, identities } = request;
  const target = targets.find((candidate) => candidate.id === link.targetId) ?? null;
  const inputs = [runtime.mapping, source.mapping, ...(target === null ? [] : [target.mapping]), switchedOff(source)];
  const mapping = resolveMapping({ vocabulary: runtime.vocabulary, capabilities, inputs });
  const people = identities === undefined ? {} : { identities };
  const codecs = createCodecs({ mapping, capabilities, token: link.token, ...people });
  return { target, mapping, codecs };
}

/** True where somebody's assignee may travel, so that it has to be known who is who. */
export function carriesAssignees(request: {
  readonly runtime: Pick<Runtime, "mapping">;
  readonly capabilities: ResolvedCapabilities;
  readonly source: Pick<SourceRow, "mapping">;
  readonly targets: readonly Pick<TargetRow, "mapping">[];
}): boolean {
  const { runtime, capabilities, source, targets } = request;
  if (capabilities.assignees === "none") return false;
  const inputs = [runtime.mapping, source.mapping, ...targets.map((target) => target.mapping)];
  return inputs.some(({ fields }) => (fields?.assignee?.direction ?? "never") !== "never");
}

/** Stronger than what any mapping says. The rest that can be switched off is absent from the provider. */
function switchedOff({ features }: SourceRow): SyncMappingInput {
  return features === null || features.includes("sync-status") ? {} : { fields: { status: { direction: "never" } } };
}

/** The target of a project in a source: its own, else the one for every project. */
export function targetOfProject(targets: readonly TargetRow[], projectId: string): TargetRow | null {
  return (
    targets.find((target) => target.projectId === projectId) ??
    targets.find((target) => target.projectId === "*") ??
    null
  );
}
