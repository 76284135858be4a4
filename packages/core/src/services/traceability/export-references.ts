import { z } from "zod";
import type { DefectSnapshot } from "../../defect-store/defect-store.ts";
import { parseInput } from "../../input/parse-input.ts";
import type { LinkRow } from "../../storage/rows/link-rows.ts";
import { linkResource } from "../defects/defect-access.ts";
import type { SyncLink } from "../defects/defects-types.ts";
import { viewLinks } from "../defects/link-view.ts";
import { findByKeys } from "../find-by-keys.ts";
import { parseSelection, referenceBatches } from "../references/reference-selection.ts";
import type { Reference } from "../references-types.ts";
import type { ServiceContext } from "../service-context.ts";
import { createExport } from "./create-export.ts";
import type { ExportedReference, ExportReferencesRequest, TraceabilityExport } from "./export-types.ts";
import { readDefects } from "./read-defects.ts";
import { referenceColumns } from "./reference-columns.ts";
import { authoriseProject, traceabilityResource } from "./traceability-access.ts";

/** The fields of `ExportFormat`; what else there is selects references. */
const formatFields = z.discriminatedUnion(
  "format",
  [
    z.looseObject({ format: z.literal("csv"), byteOrderMark: z.boolean().exactOptional() }),
    z.looseObject({ format: z.literal("json"), byteOrderMark: z.never("only CSV has one").exactOptional() }),
  ],
  "must be `csv` or `json`",
);

export async function exportReferences(
  context: ServiceContext,
  request: ExportReferencesRequest,
): Promise<TraceabilityExport> {
  const { format, byteOrderMark, ...rest } = parseInput(formatFields, request, "request");
  const { path } = parseSelection(rest);
  if (path.by === "project") await authoriseProject(context, String(path.key[0]));
  return createExport(
    {
      name: "references",
      columns: referenceColumns,
      batches: () => exportedBatches(context, rest),
      at: context.runtime.clock.now(),
    },
    format === "csv" && byteOrderMark !== undefined ? { format, byteOrderMark } : { format },
  );
}

async function* exportedBatches(
  context: ServiceContext,
  selection: unknown,
): AsyncGenerator<readonly ExportedReference[], void> {
  const { authoriser, actor, scope } = context;
  for await (const all of referenceBatches(context, selection)) {
    const references = await authoriser.filter(actor, "traceability.read", all, ({ object }) =>
      traceabilityResource(scope, object.projectId),
    );
    const links = await linksOf(context, references);
    const linked = [...links.values()].map(({ defectId }) => defectId);
    const defects = await readDefects(context, [...references.flatMap((one) => defectIdOf(one) ?? []), ...linked]);
    if (references.length > 0) yield references.map((reference) => exported(reference, links, defects));
  }
}

function exported(
  reference: Reference,
  links: ReadonlyMap<string, SyncLink>,
  defects: ReadonlyMap<string, DefectSnapshot>,
): ExportedReference {
  const link = links.get(reference.issue.id) ?? null;
  const defect = defects.get(defectIdOf(reference) ?? link?.defectId ?? "") ?? null;
  return {
    ...reference,
    link: link === null ? null : pick(link, ["id", "defectId", "status", "message", "syncedAt"]),
    defect: defect === null ? null : pick(defect, ["id", "projectId", "title", "status", "priority"]),
  };
}

function pick<Value, Key extends keyof Value>(value: Value, keys: readonly Key[]): Pick<Value, Key> {
  return Object.fromEntries(keys.map((key) => [key, value[key]])) as unknown as Pick<Value, Key>;
}

function defectIdOf({ object }: Reference): string | null {
  return object.type === "defect" ? object.id : null;
}

/** Living links by issue. */
async function linksOf(
  context: ServiceContext,
  references: readonly Reference[],
): Promise<ReadonlyMap<string, SyncLink>> {
  const { runtime, authoriser, actor, scope } = context;
  const keys = [...new Set(references.map(({ issue }) => issue.id))].map((id) => [id, 1]);
  const rows = await findByKeys(runtime.storage, scope, "link", "issue", keys);
  const allowed: readonly LinkRow[] = await authoriser.filter(actor, "link.read", rows, linkResource);
  const views = await viewLinks(context, allowed);
  return new Map(views.flatMap((link) => (link.issue === null ? [] : [[link.issue.id, link]])));
}
