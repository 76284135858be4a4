import { z } from "zod";
import type { SyncEngine } from "../../engine/engine.ts";
import { hostId, parseInput } from "../../input/parse-input.ts";
import type { LinkRow } from "../../storage/rows/link-rows.ts";
import { findByKeys } from "../find-by-keys.ts";
import type { PushFormRequest } from "../forms/form-types.ts";
import { pushForm } from "../forms/push-form.ts";
import type { Progress } from "../progress.ts";
import type { ReferencesService } from "../references-types.ts";
import type { ServiceContext } from "../service-context.ts";
import { attachDefect } from "./attach.ts";
import { defectResource, loadDefect, loadLink } from "./defect-access.ts";
import type { DefectLinksService } from "./defects-types.ts";
import { createLinkChanges } from "./link-changes.ts";
import { viewLink, viewLinks } from "./link-view.ts";
import { type ParsedPush, pushDefect } from "./push.ts";
import { pushAttachments, pushFields } from "./push-input.ts";
import { pushMany } from "./push-many.ts";

const pushOptions = z.strictObject({
  sourceId: hostId.optional(),
  waitMs: z.number().min(0).max(600_000).optional(),
  waitUntil: z.custom<(task: Promise<unknown>) => void>((value) => typeof value === "function").optional(),
  afterDetach: z.enum(["reattach", "new"]).optional(),
  fields: pushFields.optional(),
  attachments: pushAttachments.optional(),
});
const formRequest: z.ZodType<PushFormRequest> = z.strictObject({
  projectId: hostId,
  sourceId: hostId.exactOptional(),
  fresh: z.boolean().exactOptional(),
  waitUntil: z.custom<(task: Promise<unknown>) => void>((value) => typeof value === "function").exactOptional(),
});
const pushManyOptions = pushOptions.omit({ fields: true, attachments: true }).extend({
  onProgress: z.custom<(progress: Progress) => unknown>((value) => typeof value === "function").optional(),
  signal: z.custom<AbortSignal>((value) => value instanceof AbortSignal, "must be an AbortSignal").optional(),
});
const defectList = z.array(hostId).max(1_000);
const attachRequest = z.strictObject({
  sourceId: hostId,
  issue: z.string().min(1).max(2_000),
  waitMs: z.number().min(0).max(600_000).optional(),
});

type Defined<Value> = { [Key in keyof Value]: Exclude<Value[Key], undefined> };

export function createDefectLinksService(
  context: ServiceContext,
  engine: SyncEngine,
  references: ReferencesService,
): DefectLinksService {
  const { runtime, authoriser, actor, scope } = context;
  return {
    ...createLinkChanges(context, engine),
    push: async (defectId, options = {}) =>
      pushDefect(context, engine, defectId, parseInput(pushOptions, options, "push options") as ParsedPush),
    pushMany: async (defectIds, options = {}) =>
      pushMany(
        context,
        engine,
        parseInput(defectList, defectIds, "defect ids"),
        parseInput(pushManyOptions, options, "push options") as Defined<typeof options>,
      ),
    pushForm: async (request) => pushForm(context, engine, parseInput(formRequest, request, "form request")),
    attach: async (defectId, request) =>
      attachDefect(
        context,
        engine,
        references,
        defectId,
        parseInput(attachRequest, request, "attach request") as Defined<typeof request>,
      ),
    async links(defectId) {
      await loadDefect(context, defectId, "defect.read");
      const rows = await runtime.storage.find(scope, { table: "link", by: "defect", keys: [[defectId]] });
      return viewLinks(context, rows);
    },
    link: async (linkId) => viewLink(context, await loadLink(context, linkId, "link.read")),
    async changed(defectIds) {
      const ids = parseInput(defectList, defectIds, "defect ids");
      const links = await findByKeys(
        runtime.storage,
        scope,
        "link",
        "defect",
        ids.map((id) => [id]),
      );
      const resourceOf = (link: LinkRow) => defectResource(scope.tenantId, link.projectId, link.defectId);
      // What is out of reach is passed over like what has no link, so that nobody can tell them apart.
      const mine = await authoriser.filter(actor, "defect.read", links, resourceOf);
      for (const link of mine) await authoriser.authorise(actor, "defect.update", resourceOf(link));
      if (mine.length === 0) return;
      const keys = mine.map((link) => [link.id]);
      await runtime.storage.commit(scope, [
        { write: [{ type: "mark", table: "link", by: "id", keys, afterMs: 0, reset: true }] },
      ]);
      engine.doorbell.ring();
    },
  };
}
