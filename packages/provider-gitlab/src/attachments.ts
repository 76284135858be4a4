import type { AttachmentsGroup, IssueAddress, RemoteAttachment } from "@backref/core/provider";
import { fileUpload, type Operation, parseShape } from "@backref/provider-kit";
import { z } from "zod";
import type { GitLabCall, OpenClient } from "./client.ts";
import { projectUnknown } from "./errors.ts";
import { fileNote, readFileNote } from "./file-note.ts";
import { formatIssue, issueAddress, projectAddress } from "./keys.ts";
import { listPages } from "./list-pages.ts";
import { mapPerson, personShape } from "./map-person.ts";
import { idShape, timeShape } from "./shapes.ts";
import type { GitLabAuth, GitLabOptions } from "./types.ts";

const tooLarge =
  "The file is larger than this GitLab takes: its administrators set that in the settings of the site. Make it smaller, or link to it.";
const noting: Operation = { name: "attachments.upload", isWrite: true };
const listing: Operation = { name: "attachments.list", isWrite: false };

const uploadShape = z.object({ url: z.string().regex(/^\/uploads\/[^()\s]+$/) });
const madeShape = z.object({ id: idShape });
const noteShape = z.object({ id: idShape, body: z.string(), author: personShape.nullish(), created_at: timeShape });

/** Files of the project, each with a note at the issue that shows it: https://docs.gitlab.com/api/project_markdown_uploads/ */
export function createAttachmentsGroup(open: OpenClient): AttachmentsGroup<GitLabAuth, GitLabOptions> {
  return {
    /** The bytes, then the note. Only the note shows at the issue. */
    async upload(call: GitLabCall, { issue, ...file }) {
      const client = open(call);
      const upload = fileUpload({ partName: "file", file, random: call.random });
      const path = `${projectAddress(issue.container)}/uploads`;
      const stored = await client.request(uploading(issue), "POST", path, { file: upload });
      const { url } = stored.as((data) => parseShape(uploadShape, data, "upload"));
      const body = { body: fileNote(file, url) };
      const noted = await client.request(noting, "POST", `${issueAddress(issue)}/notes`, { body });
      const { id } = noted.as((data) => parseShape(madeShape, data, "note"));
      return { remoteId: id, url: noteUrl(call, issue, id) };
    },

    async list(call: GitLabCall, { issue }) {
      const query = { activity_filter: "only_comments", sort: "asc", order_by: "created_at" };
      const path = `${issueAddress(issue)}/notes`;
      const files: RemoteAttachment[] = [];
      const read = (row: unknown) => parseShape(noteShape, row, "note");
      for await (const notes of listPages(open(call), listing, path, query, read)) {
        for (const { id, body, author, created_at: createdAt } of notes) {
          const file = readFileNote(body);
          if (file === null) continue;
          const from = author ? { id: mapPerson(author).id } : null;
          files.push({ ...file, remoteId: id, url: noteUrl(call, issue, id), author: from, createdAt });
        }
      }
      return files;
    },
  };
}

function uploading({ container }: IssueAddress): Operation {
  const explain = { 404: projectUnknown(container), 413: { message: tooLarge } };
  return { name: "attachments.upload", isWrite: true, explain };
}

/** Where people find it. A file's own address differs by GitLab's version, and changes when the issue is moved. */
function noteUrl(call: GitLabCall, issue: IssueAddress, noteId: string): string {
  return `${formatIssue(issue, call).url}#note_${noteId}`;
}
