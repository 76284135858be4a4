import { z } from "zod";
import { describeActivity } from "../../activity/activity.ts";
import type { Vocabulary } from "../../domain/vocabulary.ts";
import type { SyncEngine } from "../../engine/engine.ts";
import { StorageError } from "../../errors/storage-error.ts";
import { hostId, parseInput, recordId } from "../../input/parse-input.ts";
import type { Action } from "../../security/actions.ts";
import { notFound } from "../../security/authoriser.ts";
import type { Write } from "../../storage/commit.ts";
import type { DefectRow } from "../../storage/rows/defect-rows.ts";
import { commitPlan } from "../commit-plan.ts";
import { collectPage, pageFields } from "../paging.ts";
import { referenceEvent } from "../references/change-references.ts";
import type { ReferencesService } from "../references-types.ts";
import { actorIdOf, type ServiceContext } from "../service-context.ts";
import { defectResource } from "./defect-access.ts";
import { markDefectLinks, newDefect, planFieldChange, updateData } from "./defect-changes.ts";
import { createDefectParsers } from "./defect-input.ts";
import { defectView, occurrenceViews } from "./defect-view.ts";
import type { DefectsService } from "./defects-types.ts";
import { createDefectLinksService } from "./links-service.ts";
import { reportFailure } from "./report.ts";

const listRequest = z.strictObject({ ...pageFields, projectId: hostId });
const updateOptions = z.strictObject({ expectedRevision: z.string().max(100).optional() });

export function createDefectsService<Words extends Vocabulary>(
  context: ServiceContext,
  engine: SyncEngine,
  references: ReferencesService,
): DefectsService<Words> {
  const { runtime, authoriser, actor, scope } = context;
  const { storage } = runtime;
  const parsers = createDefectParsers(runtime.vocabulary);
  const subjectOf = (defectId: string) => ({ tenantId: scope.tenantId, actorId: actorIdOf(actor), defectId });

  const load = async (defectId: string, action: Action): Promise<DefectRow> => {
    const id = parseInput(recordId, defectId, "defect id");
    const [row] = await storage.find(scope, { table: "defect", by: "id", keys: [[id]] });
    if (row === undefined) throw notFound({ kind: "defect", id });
    await authoriser.authorise(actor, action, defectResource(scope.tenantId, row.projectId, id));
    return row;
  };

  return {
    ...createDefectLinksService(context, engine, references),
    async create(input) {
      const parsed = parseInput(parsers.create, input, "defect");
      await authoriser.authorise(actor, "defect.create", defectResource(scope.tenantId, parsed.projectId));
      const row = newDefect(context, parsed);
      return commitPlan(runtime, scope, "defect.create", async () => ({
        unit: { write: [{ type: "insert", table: "defect", row }] },
        events: [describeActivity(runtime, "defect-created", subjectOf(row.id))],
        result: defectView<Words>(row),
      }));
    },
    get: async (defectId) => defectView(await load(defectId, "defect.read")),
    async list(request) {
      const { projectId, ...page } = parseInput(listRequest, request, "query");
      await authoriser.authorise(actor, "defect.read", defectResource(scope.tenantId, projectId));
      return collectPage<DefectRow, ReturnType<typeof defectView<Words>>>({
        list: JSON.stringify([scope.tenantId, "defects", projectId]),
        page,
        fetch: (after, limit) =>
          storage.find(scope, {
            table: "defect",
            by: "project",
            keys: [[projectId]],
            limit,
            ...(after === undefined ? {} : { after }),
          }),
        keep: async (rows) => rows,
        view: async (rows) => rows.map((row) => defectView<Words>(row)),
      });
    },
    async update(defectId, input, options = {}) {
      const parsed = parseInput(parsers.update, input, "defect");
      const { expectedRevision } = parseInput(updateOptions, options, "options");
      const defect = await commitPlan(runtime, scope, "defect.update", async () => {
        const row = await load(defectId, "defect.update");
        if (expectedRevision !== undefined && expectedRevision !== String(row.revision)) {
          throw new StorageError({
            code: "storage-conflict",
            message: `Defect "${row.id}" has changed since revision ${expectedRevision} (it is at ${row.revision}). Read it again.`,
            operation: "defect.update",
          });
        }
        const change = planFieldChange(row, parsed, runtime.clock.now());
        if (change === null) return { unit: null, events: [], result: defectView<Words>(row) };
        return {
          unit: {
            require: [{ table: "defect", id: row.id, match: { revision: row.revision } }],
            write: [change.write, markDefectLinks(row.id)],
          },
          events: [describeActivity(runtime, "defect-updated", subjectOf(row.id), updateData(row, change))],
          result: defectView<Words>(change.row),
        };
      });
      engine.doorbell.ring();
      return defect;
    },
    async delete(defectId) {
      await commitPlan(runtime, scope, "defect.delete", async () => {
        const row = await load(defectId, "defect.delete");
        const [links, comments, occurrences, linked] = await Promise.all([
          storage.find(scope, { table: "link", by: "defect", keys: [[row.id]] }),
          storage.find(scope, { table: "defectComment", by: "defect", keys: [[row.id]] }),
          storage.find(scope, { table: "occurrence", by: "defect", keys: [[row.id]] }),
          storage.find(scope, { table: "reference", by: "object", keys: [["defect", row.id]] }),
        ]);
        const ended = links
          .filter((link) => link.active === 1)
          .map((link): Write => {
            const set = { active: null, endedAt: runtime.clock.now() };
            return { type: "update", table: "link", id: link.id, set };
          });
        return {
          unit: {
            require: [{ table: "defect", id: row.id, match: { revision: row.revision } }],
            write: [
              ...ended,
              ...comments.map(({ id }): Write => ({ type: "delete", table: "defectComment", id })),
              ...occurrences.map(({ id }): Write => ({ type: "delete", table: "occurrence", id })),
              ...linked.map(({ id }): Write => ({ type: "delete", table: "reference", id })),
              { type: "delete", table: "defect", id: row.id },
            ],
          },
          events: [
            ...linked.map((reference) => referenceEvent(context, "reference-removed", reference)),
            describeActivity(runtime, "defect-deleted", subjectOf(row.id), { title: row.title }),
          ],
          result: undefined,
        };
      });
    },
    async report(input) {
      const { row, created } = await reportFailure(context, parseInput(parsers.report, input, "report"));
      if (!created) engine.doorbell.ring();
      return { defect: defectView<Words>(row), created };
    },
    async occurrences(defectId) {
      const { id } = await load(defectId, "defect.read");
      const rows = await storage.find(scope, { table: "occurrence", by: "defect", keys: [[id]] });
      return occurrenceViews(rows);
    },
  };
}
