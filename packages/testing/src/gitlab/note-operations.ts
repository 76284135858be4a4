import { asText } from "../fake/json.ts";
import {
  emitter,
  type GitLabAnswer,
  type GitLabCall,
  type GitLabOperation,
  issueOf,
  maySeeNote,
  noteOf,
  paged,
  requireLevel,
} from "./call.ts";
import { badParameter, GitLabFailure } from "./failure.ts";
import type { NoteRecord } from "./model.ts";
import { createNote, deleteNote, editNote } from "./note-actions.ts";
import { presentNote } from "./views.ts";

const list = "/projects/{id}/issues/{noteable_id}/notes";
const one = `${list}/{note_id}`;
const longestNote = 1_000_000;

export const noteOperations: readonly GitLabOperation[] = [
  { method: "GET", template: list, scope: "read_api", handle: listNotes },
  { method: "POST", template: list, scope: "api", handle: create },
  { method: "GET", template: one, scope: "read_api", handle: read },
  { method: "PUT", template: one, scope: "api", handle: update },
  { method: "DELETE", template: one, scope: "api", handle: remove },
];

/** Newest first, if nothing else is asked for; what GitLab writes itself stands among the rest. */
function listNotes(call: GitLabCall): GitLabAnswer {
  const issue = issueOf(call);
  const filter = call.query.get("activity_filter") ?? "all_notes";
  const isWanted = (note: NoteRecord) =>
    maySeeNote(call, note) && (filter === "all_notes" || note.system === (filter === "only_activity"));
  const key = call.query.get("order_by") === "updated_at" ? "updatedAt" : "createdAt";
  const sign = call.query.get("sort") === "asc" ? 1 : -1;
  const rows = call.world
    .notesOf(issue.id, call.asOf)
    .filter(isWanted)
    .toSorted((a, b) => sign * (a[key] - b[key] || a.id - b.id));
  return paged(call, rows, (note) => presentNote(call, note));
}

function create(call: GitLabCall): GitLabAnswer {
  const issue = issueOf(call, undefined);
  const internal = call.body["internal"] === true || call.body["confidential"] === true;
  if (internal) requireLevel(call, 15);
  const { note, actions } = createNote(call.world, emitter(call), issue, { body: bodyOf(call), internal });
  if (note !== null) return { status: 201, body: presentNote(call, note) };
  const summary = actions.map(({ name }) => `Applied /${name}.`);
  return { status: 202, body: { commands_changes: {}, summary } };
}

function bodyOf(call: GitLabCall): string {
  const body = asText(call.body["body"]);
  if (body === undefined) throw badParameter("body is missing");
  if (body.trim() === "") throw new GitLabFailure(400, { message: "400 Bad request - Note can't be blank" });
  if (body.length > longestNote) throw new GitLabFailure(400, { message: { note: ["is too long"] } });
  return body;
}

function read(call: GitLabCall): GitLabAnswer {
  return { status: 200, body: presentNote(call, noteOf(call)) };
}

function update(call: GitLabCall): GitLabAnswer {
  const note = noteOf(call);
  mayTouch(call, note);
  return { status: 200, body: presentNote(call, editNote(call.world, emitter(call), note, bodyOf(call))) };
}

function remove(call: GitLabCall): GitLabAnswer {
  const note = noteOf(call);
  mayTouch(call, note);
  deleteNote(call.world, note);
  return { status: 204 };
}

function mayTouch(call: GitLabCall, note: NoteRecord): void {
  if (note.system) throw new GitLabFailure(403, { message: "403 Forbidden" });
  if (note.author.id !== call.token.user.id) requireLevel(call, 40);
}
