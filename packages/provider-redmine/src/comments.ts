import type { CommentsGroup, IssueAddress, RemoteComment } from "@backref/core/provider";
import { hasStatus, type Operation, parseShape } from "@backref/provider-kit";
import { z } from "zod";
import type { OpenClient, RedmineCall, RedmineClient } from "./client.ts";
import { errors, writtenUnseen } from "./errors.ts";
import { issueAddress } from "./keys.ts";
import { mapComment } from "./map-comment.ts";
import { textOf } from "./text.ts";
import type { RedmineAuth, RedmineOptions } from "./types.ts";

/** The notes of an issue's journals. Redmine answers their writes without a word, so each is followed by a look. */
export function createCommentsGroup(open: OpenClient): Required<CommentsGroup<RedmineAuth, RedmineOptions>> {
  return {
    list: (call: RedmineCall, { issue }) => listComments(call, open(call), issue, "comment.list"),

    async create(call: RedmineCall, { issue, body }) {
      const operation: Operation = { name: "comment.create", isWrite: true };
      const client = open(call);
      const note = { notes: textOf(call.options).write(body), private_notes: false };
      await client.request(operation, "PUT", issueAddress(issue), { body: { issue: note } });
      const made = (await look(call, client, issue, operation)).findLast(
        (comment) => comment.visibility !== "internal" && isSame(comment.body, textOf(call.options).read(note.notes)),
      );
      if (made !== undefined) return made;
      const message = "Redmine took the request and added no note: give the account's role the permission Add notes.";
      throw errors.build(operation, { failure: "forbidden", message });
    },

    async update(call: RedmineCall, { issue, commentId, body }) {
      const operation: Operation = { name: "comment.update", isWrite: true, explain: ownNotesOnly };
      const client = open(call);
      const journal = { notes: textOf(call.options).write(body) };
      await client.request(operation, "PUT", journalAddress(commentId), { body: { journal } });
      const edited = (await look(call, client, issue, operation)).find(({ remoteId }) => remoteId === commentId);
      if (edited !== undefined) return edited;
      throw errors.build(operation, {
        failure: "gone",
        message: `Note ${commentId} is not at issue #${issue.item} any more.`,
      });
    },

    /** An entry of the history that says something else as well stays, without the note. */
    async delete(call: RedmineCall, { commentId }) {
      const operation: Operation = { name: "comment.delete", isWrite: true, explain: ownNotesOnly };
      try {
        await open(call).request(operation, "PUT", journalAddress(commentId), { body: { journal: { notes: "" } } });
      } catch (error) {
        if (!hasStatus(error, 404)) throw error;
      }
    },
  };
}

const ownNotesOnly: Operation["explain"] = {
  403: { message: "Give the account's role the permission Edit own notes, or Edit notes for those of others." },
};

function journalAddress(commentId: string): string {
  return `/journals/${encodeURIComponent(commentId)}`;
}

function isSame(first: string, second: string): boolean {
  const plain = (text: string) => text.replaceAll("\r\n", "\n").trim();
  return plain(first) === plain(second);
}

async function look(
  call: RedmineCall,
  client: RedmineClient,
  issue: IssueAddress,
  operation: Operation,
): Promise<readonly RemoteComment[]> {
  try {
    return await listComments(call, client, issue, operation.name);
  } catch (error) {
    throw errors.afterOtherWrites(operation, error, writtenUnseen);
  }
}

const answerShape = z.object({ issue: z.object({ journals: z.array(z.unknown()).nullish() }) });

/** All notes, oldest first; an account can have Redmine show them the other way round. */
export async function listComments(
  call: RedmineCall,
  client: RedmineClient,
  issue: Pick<IssueAddress, "item">,
  name: string,
): Promise<readonly RemoteComment[]> {
  const query = { include: "journals" };
  const answer = await client.request({ name, isWrite: false }, "GET", issueAddress(issue), { query });
  const journals = answer.as((data) => parseShape(answerShape, data, "answer").issue.journals ?? []);
  const comments = answer.as(() => journals.flatMap((journal) => mapComment(journal, issue.item, call) ?? []));
  return comments.toSorted((a, b) => Number(a.remoteId) - Number(b.remoteId));
}
