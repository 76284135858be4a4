import { z } from "zod";
import { describeActivity } from "../../activity/activity.ts";
import { isSystemActor } from "../../domain/actor.ts";
import type { Page, PageRequest } from "../../domain/page.ts";
import type { SyncEngine } from "../../engine/engine.ts";
import { BackrefError } from "../../errors/backref-error.ts";
import type { ActivityType } from "../../events/event-bus.ts";
import { parseInput, recordId, storableText } from "../../input/parse-input.ts";
import type { Action } from "../../security/actions.ts";
import { notFound } from "../../security/authoriser.ts";
import type { Write } from "../../storage/commit.ts";
import type { DefectCommentRow, DefectRow } from "../../storage/rows/defect-rows.ts";
import { commitPlan } from "../commit-plan.ts";
import { markDefectLinks } from "../defects/defect-changes.ts";
import { collectPage, pageFields } from "../paging.ts";
import { actorIdOf, type ServiceContext } from "../service-context.ts";

/** A comment of a defect. Times are milliseconds since 1970 UTC. */
export interface Comment {
  readonly id: string;
  readonly defectId: string;
  /** Markdown. */
  readonly body: string;
  /** Internal comments never leave the host. */
  readonly visibility: "public" | "internal";
  /** The id is that of a user of yours, of a tracker's comment where `people` tells whose the account is. */
  readonly author: { readonly id: string | null; readonly name: string };
  /** Where it was written; only comments of the host can be changed here. */
  readonly origin: "host" | "tracker";
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** Comments of defects in Backref's own tables. They travel both ways where the mapping lets them. */
export interface CommentsService {
  /**
   * Adds a comment by this actor to a defect; a public one goes out to its issues. @param input.visibility of the comment @default "public"
   * @example
   * ```ts
   * import type { Backref } from "@backref/core";
   *
   * declare const app: ReturnType<Backref["as"]>;
   *
   * await app.comments?.add({ defectId: "0199c0de-0000-7000-8000-000000000002", body: "Seen again on **staging**." });
   * ```
   */
  add(input: {
    readonly defectId: string;
    readonly body: string;
    readonly visibility?: "public" | "internal";
  }): Promise<Comment>;
  /** Changes what a comment says. @throws BackrefError `permission-denied` for one that was written at a tracker */
  update(commentId: string, input: { readonly body: string }): Promise<Comment>;
  /** Removes a comment, and its copies where trackers let comments be deleted. @throws BackrefError `permission-denied` for one that was written at a tracker */
  delete(commentId: string): Promise<void>;
  /** Comments of a defect, those that came from trackers among them, oldest first. */
  list(request: PageRequest & { readonly defectId: string }): Promise<Page<Comment>>;
}

const body = storableText({ min: 1, max: 1_000_000, trim: true });
const addInput = z.strictObject({ defectId: recordId, body, visibility: z.enum(["public", "internal"]).optional() });
const updateInput = z.strictObject({ body });
const listRequest = z.strictObject({ ...pageFields, defectId: recordId });

function commentView(row: DefectCommentRow): Comment {
  return {
    id: row.id,
    defectId: row.defectId,
    body: row.body,
    visibility: row.visibility,
    author: { id: row.authorId, name: row.authorName },
    origin: row.originLinkId === null ? "host" : "tracker",
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  };
}

/** Comments of defects in Backref's own tables. */
export function createCommentsService(context: ServiceContext, engine: SyncEngine): CommentsService {
  const { runtime, authoriser, actor, scope } = context;
  const { storage } = runtime;

  const loadDefectRow = async (defectId: string, action: Action): Promise<DefectRow> => {
    const [row] = await storage.find(scope, { table: "defect", by: "id", keys: [[defectId]] });
    if (row === undefined) throw notFound({ kind: "defect", id: defectId });
    await authoriser.authorise(actor, action, {
      kind: "comment",
      tenantId: scope.tenantId,
      projectIds: [row.projectId],
    });
    return row;
  };

  const loadOwn = async (commentId: string, action: Action) => {
    const id = parseInput(recordId, commentId, "comment id");
    const [row] = await storage.find(scope, { table: "defectComment", by: "id", keys: [[id]] });
    if (row === undefined || row.deletedAt !== null) throw notFound({ kind: "comment", id });
    const defect = await loadDefectRow(row.defectId, action);
    if (row.originLinkId !== null) {
      throw new BackrefError({
        code: "permission-denied",
        message: "This comment was written at the tracker. Change it there; it comes in by itself.",
        operation: action,
      });
    }
    return { row, defect };
  };

  /** A change of comments is a change of the defect, so that its links see it. */
  const commitChange = <Result>(
    type: ActivityType,
    operation: Action,
    plan: () => Promise<{
      readonly defect: DefectRow;
      readonly write: (revision: number) => Write;
      readonly commentId: string;
      readonly result: Result;
    }>,
  ) =>
    commitPlan(runtime, scope, operation, async () => {
      const { defect, write, commentId, result } = await plan();
      const revision = defect.revision + 1;
      const subject = { tenantId: scope.tenantId, actorId: actorIdOf(actor), defectId: defect.id };
      const set = { revision, updatedAt: runtime.clock.now() };
      return {
        unit: {
          require: [{ table: "defect", id: defect.id, match: { revision: defect.revision } }],
          write: [write(revision), { type: "update", table: "defect", id: defect.id, set }, markDefectLinks(defect.id)],
        },
        events: [describeActivity(runtime, type, subject, { commentId })],
        result,
      };
    }).finally(() => engine.doorbell.ring());

  return {
    async add(input) {
      const parsed = parseInput(addInput, input, "comment");
      const now = runtime.clock.now();
      const authorName = isSystemActor(actor) ? "System" : (actor.displayName ?? actor.userId);
      const row: DefectCommentRow = {
        tenantId: scope.tenantId,
        id: runtime.ids.id(),
        defectId: parsed.defectId,
        body: parsed.body,
        visibility: parsed.visibility ?? "public",
        authorId: actorIdOf(actor),
        authorName,
        originLinkId: null,
        revision: 0,
        createdAt: now,
        updatedAt: now,
        deletedAt: null,
      };
      return commitChange("comment-added", "comment.add", async () => ({
        defect: await loadDefectRow(parsed.defectId, "comment.add"),
        write: (revision) => ({ type: "insert", table: "defectComment", row: { ...row, revision } }),
        commentId: row.id,
        result: commentView(row),
      }));
    },
    async update(commentId, input) {
      const parsed = parseInput(updateInput, input, "comment");
      return commitChange("comment-edited", "comment.update", async () => {
        const { row, defect } = await loadOwn(commentId, "comment.update");
        const set = { body: parsed.body, updatedAt: runtime.clock.now() };
        return {
          defect,
          write: (revision) => ({ type: "update", table: "defectComment", id: row.id, set: { ...set, revision } }),
          commentId: row.id,
          result: commentView({ ...row, ...set }),
        };
      });
    },
    async delete(commentId) {
      await commitChange("comment-deleted", "comment.delete", async () => {
        const { row, defect } = await loadOwn(commentId, "comment.delete");
        const deletedAt = runtime.clock.now();
        return {
          defect,
          write: (revision) => ({ type: "update", table: "defectComment", id: row.id, set: { deletedAt, revision } }),
          commentId: row.id,
          result: undefined,
        };
      });
    },
    async list(request) {
      const { defectId, ...page } = parseInput(listRequest, request, "query");
      await loadDefectRow(defectId, "comment.read");
      return collectPage<DefectCommentRow, Comment>({
        list: JSON.stringify([scope.tenantId, "comments", defectId]),
        page,
        fetch: (after, limit) =>
          storage.find(scope, {
            table: "defectComment",
            by: "defect",
            keys: [[defectId]],
            limit,
            ...(after === undefined ? {} : { after }),
          }),
        keep: async (rows) => rows.filter((row) => row.deletedAt === null),
        view: async (rows) => rows.map(commentView),
      });
    },
  };
}
