import { asObject, asText, type JsonObject } from "../fake/json.ts";
import { emitter, issueOf, type JiraAnswer, type JiraCall, type JiraOperation, numberOf, require } from "./call.ts";
import { createComment, deleteComment, editComment } from "./comment-actions.ts";
import { invalidFields, JiraFailure } from "./failure.ts";
import { readRichText } from "./field-values.ts";
import type { CommentRecord, CommentVisibility } from "./model.ts";
import { presentComment } from "./views.ts";

const list = "/issue/{issueIdOrKey}/comment";
const one = `${list}/{id}`;

export const commentOperations: readonly JiraOperation[] = [
  { method: "GET", template: list, scope: "read", handle: listComments },
  { method: "POST", template: list, scope: "write", handle: create },
  { method: "POST", template: "/comment/list", only: "cloud", scope: "read", handle: listByIds },
  { method: "GET", template: one, scope: "read", handle: read },
  { method: "PUT", template: one, scope: "write", handle: update },
  { method: "DELETE", template: one, scope: "write", handle: remove },
];

function listComments(call: JiraCall): JiraAnswer {
  const issue = issueOf(call);
  const all = call.world.commentsOf(issue.id, call.asOf);
  const ordered = call.query.get("orderBy")?.startsWith("-") === true ? all.toReversed() : all;
  const startAt = numberOf(call, "startAt", 0);
  const maxResults = numberOf(call, "maxResults", 100, 100);
  const withProperties = expands(call);
  const comments = ordered
    .slice(startAt, startAt + maxResults)
    .map((comment) => presentComment(call, comment, withProperties));
  return { status: 200, body: { startAt, maxResults, total: all.length, comments } };
}

/** Comments of any issues, at most 1,000; what is not there is left out. */
function listByIds(call: JiraCall): JiraAnswer {
  const ids = Array.isArray(call.body["ids"]) ? call.body["ids"].map(Number) : [];
  if (ids.length > 1_000) throw invalidFields({ ids: "No more than 1000 comments can be listed at once." });
  const found = ids.flatMap((id) => call.world.comments.get(id, call.asOf) ?? []);
  const values = found.map((comment) => presentComment(call, comment, expands(call)));
  return { status: 200, body: { startAt: 0, maxResults: 1_048_576, total: values.length, isLast: true, values } };
}

function expands(call: JiraCall): boolean {
  return (call.query.get("expand") ?? "").split(",").includes("properties");
}

function create(call: JiraCall): JiraAnswer {
  const issue = issueOf(call, undefined);
  require(call, "ADD_COMMENTS", "You do not have the permission to comment on this issue.");
  const visibility = visibilityOf(call.body["visibility"]);
  const draft = { body: bodyOf(call), visibility, properties: propertiesOf(call) ?? {} };
  return {
    status: 201,
    body: presentComment(call, createComment(call.world, emitter(call), issue, draft), expands(call)),
  };
}

function read(call: JiraCall): JiraAnswer {
  return { status: 200, body: presentComment(call, commentOf(call), expands(call)) };
}

function update(call: JiraCall): JiraAnswer {
  const comment = commentOf(call);
  mayTouch(call, comment, "EDIT_OWN_COMMENTS");
  const properties = propertiesOf(call);
  const change = { body: bodyOf(call), ...(properties !== null && { properties }) };
  return {
    status: 200,
    body: presentComment(call, editComment(call.world, emitter(call), comment, change), expands(call)),
  };
}

function remove(call: JiraCall): JiraAnswer {
  const comment = commentOf(call);
  mayTouch(call, comment, "DELETE_OWN_COMMENTS");
  deleteComment(call.world, emitter(call), comment);
  return { status: 204 };
}

function commentOf(call: JiraCall): CommentRecord {
  const issue = issueOf(call, undefined);
  const comment = call.world.comments.get(Number(call.params.id));
  if (comment === undefined || comment.issueId !== issue.id)
    throw new JiraFailure(404, [`Can not find a comment for the id: ${call.params.id}.`]);
  return comment;
}

function mayTouch(
  call: JiraCall,
  comment: CommentRecord,
  permission: "EDIT_OWN_COMMENTS" | "DELETE_OWN_COMMENTS",
): void {
  const isOwn = comment.author === call.token.user && call.token.permissions.has(permission);
  if (!isOwn && !call.token.permissions.has("ADMINISTER"))
    throw new JiraFailure(400, ["You do not have the permission for this comment."]);
}

function bodyOf(call: JiraCall): unknown {
  const problems: Record<string, string> = {};
  const body = readRichText(call.world, "comment", call.body["body"] ?? null, problems);
  if (body === null) problems["comment"] = "Comment body can not be empty!";
  if (Object.keys(problems).length > 0) throw invalidFields(problems);
  return body;
}

function propertiesOf(call: JiraCall): JsonObject | null {
  const given = call.body["properties"];
  if (!Array.isArray(given)) return null;
  return Object.fromEntries(given.map((entry) => [asText(asObject(entry)["key"]) ?? "", asObject(entry)["value"]]));
}

function visibilityOf(given: unknown): CommentVisibility | null {
  const { type, value } = asObject(given);
  const isKnown = type === "role" || type === "group";
  return isKnown && typeof value === "string" ? { type, value } : null;
}
