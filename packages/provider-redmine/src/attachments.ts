import type { AttachmentsGroup } from "@backref/core/provider";
import { type Operation, parseShape } from "@backref/provider-kit";
import { z } from "zod";
import type { OpenClient, RedmineCall } from "./client.ts";
import { issueAddress } from "./keys.ts";
import { idShape, namedShape, timeShape } from "./shapes.ts";
import type { RedmineAuth, RedmineOptions } from "./types.ts";

const uploading: Operation = {
  name: "attachments.upload",
  isWrite: true,
  explain: {
    422: {
      message:
        "Its administrators set how large files may be, and of which kind: Administration, Settings, Files. Make it smaller, or link to it.",
    },
  },
};
const listing: Operation = { name: "attachments.list", isWrite: false };

const uploadShape = z.object({ upload: z.object({ id: idShape.nullish(), token: z.string() }) });
const fileShape = z.object({
  id: idShape,
  filename: z.string(),
  filesize: z.number().nullish(),
  author: namedShape.nullish().catch(null),
  created_on: timeShape,
});
const issueShape = z.object({ issue: z.object({ attachments: z.array(fileShape).nullish() }) });

/** A file goes to the server first, and then to its issue. One that gets to no issue the server throws away after a day. */
export function createAttachmentsGroup(open: OpenClient): Required<AttachmentsGroup<RedmineAuth, RedmineOptions>> {
  return {
    async upload(call: RedmineCall, { issue, fileName, contentType, sizeBytes, content }) {
      const client = open(call);
      const answer = await client.request(uploading, "POST", "/uploads", {
        query: { filename: fileName },
        content: { stream: content, sizeBytes },
      });
      const { id, token } = answer.as((data) => parseShape(uploadShape, data, "answer").upload);
      const uploads = [{ token, filename: fileName, content_type: contentType }];
      await client.request(uploading, "PUT", issueAddress(issue), { body: { issue: { uploads } } });
      // The number is told from Redmine 3.4 on; it also begins the token.
      const remoteId = id ?? token.split(".")[0] ?? token;
      return { remoteId, url: fileUrl(call, remoteId) };
    },

    async list(call: RedmineCall, { issue }) {
      const query = { include: "attachments" };
      const answer = await open(call).request(listing, "GET", issueAddress(issue), { query });
      const files = answer.as((data) => parseShape(issueShape, data, "answer").issue.attachments ?? []);
      return files
        .map((file) => ({
          remoteId: file.id,
          url: fileUrl(call, file.id),
          fileName: file.filename,
          sizeBytes: file.filesize ?? null,
          author: file.author ? { id: file.author.id } : null,
          createdAt: file.created_on,
        }))
        .toSorted((a, b) => Number(a.remoteId) - Number(b.remoteId));
    },

    /** As `sanitize_filename` of Redmine's Attachment model. */
    storedName: (fileName) => fileName.replace(/^.*[\\/]/s, "").replace(/[/?%*:|"'<>\n\r]+/g, "_"),
  };
}

function fileUrl({ baseUrl }: Pick<RedmineCall, "baseUrl">, id: string): string {
  return `${baseUrl}/attachments/${id}`;
}
