import type { AttachmentsGroup, RemoteAttachment, UploadRequest } from "@backref/core/provider";
import { createTransport, parseShape } from "@backref/provider-kit";
import { z } from "zod";
import type { ClientSettings, LinearCall, LinearClient, OpenClient } from "./client.ts";
import { attachmentCreateDocument, attachmentsDocument, fileUploadDocument } from "./documents.ts";
import { errors, type Operation } from "./errors.ts";
import { timeShape } from "./shapes.ts";
import type { LinearAuth, LinearOptions } from "./types.ts";

const uploading: Operation = { name: "attachments.upload", isWrite: true };
const listing: Operation = { name: "attachments.list", isWrite: false };

/** Where Linear keeps files; attachments that lead elsewhere are links. */
const fileHost = "uploads.linear.app";

const placeShape = z.object({
  fileUpload: z.object({
    uploadFile: z.object({
      uploadUrl: z.url({ protocol: /^https?$/ }),
      assetUrl: z.string(),
      headers: z.array(z.object({ key: z.string(), value: z.string() })),
    }),
  }),
});
const createdShape = z.object({ attachmentCreate: z.object({ attachment: z.object({ id: z.string() }) }) });
const pageShape = z.object({
  issue: z.object({
    attachments: z.object({
      nodes: z.array(
        z.object({
          id: z.string(),
          title: z.string(),
          url: z.string(),
          createdAt: timeShape,
          creator: z.object({ id: z.string() }).nullish(),
        }),
      ),
      pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullish() }),
    }),
  }),
});

type Place = z.infer<typeof placeShape>["fileUpload"]["uploadFile"];

/**
 * Files in Linear's own storage, each with an attachment of the issue that leads to it; see
 * https://linear.app/developers/how-to-upload-a-file-to-linear
 */
export function createAttachmentsGroup(
  open: OpenClient,
  settings: ClientSettings,
): AttachmentsGroup<LinearAuth, LinearOptions> {
  return {
    /** A place for it, the bytes, the attachment. Only the last one shows at the issue. */
    async upload(call: LinearCall, file) {
      const { issue, fileName, contentType, sizeBytes } = file;
      const client = open(call);
      const place = await client.ask(
        uploading,
        fileUploadDocument,
        { contentType, filename: fileName, size: sizeBytes },
        (data) => parseShape(placeShape, data, "data").fileUpload.uploadFile,
      );
      await putFile(call, settings, place, file);
      const issueId = issue.remoteId ?? `${issue.container}-${issue.item}`;
      const input = { issueId, url: place.assetUrl, title: fileName };
      const { id } = await client.ask(
        uploading,
        attachmentCreateDocument,
        { input },
        (data) => parseShape(createdShape, data, "data").attachmentCreate.attachment,
      );
      return { remoteId: id, url: place.assetUrl };
    },

    async list(call: LinearCall, { issue }) {
      const client = open(call);
      const id = issue.remoteId ?? `${issue.container}-${issue.item}`;
      const files: RemoteAttachment[] = [];
      for (let after: string | null = null; ; ) {
        const page = await readPage(client, id, after);
        files.push(...page.files);
        after = page.next;
        if (after === null) break;
      }
      return files.toReversed().toSorted((a, b) => a.createdAt - b.createdAt);
    },
  };
}

/** The bytes as they come. The address is signed and belongs to another host, so no credential goes there. */
async function putFile(
  call: LinearCall,
  settings: ClientSettings,
  { uploadUrl, headers: given }: Place,
  { contentType, sizeBytes, content }: Pick<UploadRequest, "contentType" | "sizeBytes" | "content">,
): Promise<void> {
  const transport = createTransport(call, { ...settings, json: false });
  const headers = new Headers({ "content-type": contentType, "cache-control": "public, max-age=31536000" });
  for (const { key, value } of given) headers.set(key, value);
  headers.set("content-length", String(sizeBytes));
  const init = { method: "PUT", headers, body: content, duplex: "half" } as const;
  let status: number;
  try {
    status = (await transport(uploadUrl, init)).status;
  } catch (error) {
    throw errors.fromThrown(uploading, error, call.clock.now());
  }
  if (status >= 200 && status < 300) return;
  const told = `Linear's file storage answered ${status}`;
  // The storage's refusal says nothing of the credential: it never saw one.
  if (status >= 400 && status < 500) throw errors.refused(uploading, `${told}: it does not take this file.`);
  throw errors.unexpectedAnswer(uploading, told, false);
}

async function readPage(
  client: LinearClient,
  id: string,
  after: string | null,
): Promise<{ readonly files: readonly RemoteAttachment[]; readonly next: string | null }> {
  return client.ask(listing, attachmentsDocument, { id, after }, (data) => {
    const { nodes, pageInfo } = parseShape(pageShape, data, "data").issue.attachments;
    const files = nodes.filter(({ url }) => URL.canParse(url) && new URL(url).host === fileHost);
    return {
      files: files.map(({ id: remoteId, title: fileName, url, createdAt, creator }) => ({
        remoteId,
        url,
        fileName,
        sizeBytes: null,
        author: creator ?? null,
        createdAt,
      })),
      next: pageInfo.hasNextPage ? (pageInfo.endCursor ?? null) : null,
    };
  });
}
