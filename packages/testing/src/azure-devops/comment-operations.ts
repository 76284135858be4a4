import { asText, type JsonObject } from "../fake/json.ts";
import {
  type AzureDevOpsAnswer,
  type AzureDevOpsCall,
  type AzureDevOpsOperation,
  bodyOf,
  emitter,
  isTrue,
  itemOf,
  numberOf,
  readScopes,
  require,
  writeScopes,
} from "./call.ts";
import { createComment, deleteComment, editComment } from "./comment-actions.ts";
import { AzureDevOpsFailure, forbidden, invalid } from "./failure.ts";
import type { CommentRecord, TextFormat, WorkItemRecord } from "./model.ts";
import { presentComment } from "./views.ts";

const list = "/{project}/_apis/wit/workItems/{workItemId}/comments";
const one = `${list}/{commentId}`;
const preview = { isPreview: true } as const;

export const commentOperations: readonly AzureDevOpsOperation[] = [
  { method: "GET", template: list, scopes: readScopes, ...preview, handle: listComments },
  { method: "POST", template: list, scopes: writeScopes, ...preview, handle: create },
  { method: "GET", template: one, scopes: readScopes, ...preview, handle: read },
  { method: "PATCH", template: one, scopes: writeScopes, ...preview, handle: update },
  { method: "DELETE", template: one, scopes: writeScopes, ...preview, handle: remove },
];

/** Newest first unless asked otherwise, in pages by a token; `ids` picks some. */
function listComments(call: AzureDevOpsCall): AzureDevOpsAnswer {
  const item = itemOf(call);
  const all = call.world.commentsOf(item.id, call.asOf);
  const shown = isTrue(call, "includeDeleted") ? all : all.filter((comment) => !comment.isDeleted);
  const ids = call.query.get("ids")?.split(",").map(Number) ?? null;
  const wanted = ids === null ? shown : shown.filter(({ id }) => ids.includes(id));
  const ordered = call.query.get("order")?.toLowerCase() === "asc" ? wanted : wanted.toReversed();
  const start = Number(call.query.get("continuationToken") ?? 0);
  const page = ordered.slice(start, start + numberOf(call, "$top", 200, 200));
  const next = start + page.length;
  const url = `${call.url}/_apis/wit/workItems/${item.id}/comments?continuationToken=${next}`;
  const body = {
    totalCount: wanted.length,
    count: page.length,
    comments: page.map((comment) => present(call, comment)),
    ...(next < ordered.length && { continuationToken: String(next), nextPage: url }),
  };
  return { status: 200, body };
}

function present(call: AzureDevOpsCall, comment: CommentRecord): JsonObject {
  const expand = (call.query.get("$expand") ?? "").toLowerCase();
  return presentComment(call, comment, /renderedtext|all/.test(expand));
}

function commentOf(call: AzureDevOpsCall, item: WorkItemRecord, asOf: number | undefined): CommentRecord {
  const comment = call.world.comments.get(Number(call.params.commentId), asOf);
  if (comment !== undefined && comment.itemId === item.id && (!comment.isDeleted || isTrue(call, "includeDeleted")))
    return comment;
  const message = `VS403674: The comment ${call.params.commentId} does not exist for work item ${item.id}.`;
  throw new AzureDevOpsFailure(404, "WorkItemCommentNotFoundException", message);
}

function read(call: AzureDevOpsCall): AzureDevOpsAnswer {
  return { status: 200, body: present(call, commentOf(call, itemOf(call), call.asOf)) };
}

/** Markdown is known to Services alone. */
function formatOf(call: AzureDevOpsCall, usual: TextFormat): TextFormat {
  const asked = call.query.get("format")?.toLowerCase();
  if (asked === undefined || call.world.deployment === "server") return usual;
  if (asked !== "markdown" && asked !== "html") throw invalid(`${asked} is no format.`, "ArgumentException");
  return asked;
}

function textOf(call: AzureDevOpsCall): string {
  const text = asText(bodyOf(call)["text"]) ?? "";
  if (text.trim() === "") throw invalid("Comment text cannot be empty.", "WorkItemCommentTextInvalidException");
  return text;
}

function create(call: AzureDevOpsCall): AzureDevOpsAnswer {
  const item = itemOf(call, undefined);
  require(call, "edit");
  const draft = { text: textOf(call), format: formatOf(call, "html") };
  return { status: 200, body: presentComment(call, createComment(call.world, emitter(call), item, draft), false) };
}

/** Only who wrote a comment changes it. */
function own(call: AzureDevOpsCall): CommentRecord {
  const comment = commentOf(call, itemOf(call, undefined), undefined);
  require(call, "edit");
  if (comment.createdBy.id !== call.token.user.id)
    throw forbidden(`VS403691: You do not have permissions to change the comment ${comment.id}.`);
  return comment;
}

function update(call: AzureDevOpsCall): AzureDevOpsAnswer {
  const comment = own(call);
  const draft = { text: textOf(call), format: formatOf(call, comment.format) };
  return { status: 200, body: presentComment(call, editComment(call.world, emitter(call), comment, draft), false) };
}

function remove(call: AzureDevOpsCall): AzureDevOpsAnswer {
  deleteComment(call.world, emitter(call), own(call));
  return { status: 204 };
}
