import type { IncomingRequest } from "../fake/incoming.ts";
import { idFor, type Scene } from "./actions.ts";
import { invalid } from "./failure.ts";
import type { AttachmentRecord, IssueRecord, UploadRecord } from "./model.ts";
import type { World } from "./world.ts";

export interface FileDraft {
  readonly contentType: string;
  readonly filename: string;
  readonly size: number;
}

/** A file at an issue. */
export interface FakeLinearFile {
  /** Of its attachment. */
  readonly id: string;
  readonly fileName: string;
  readonly contentType: string;
  readonly content: Uint8Array;
}

const signedHeader = "x-goog-content-length-range";

/** Makes a place for a file; its address is good for whoever has it. */
export function prepareUpload(
  { world, origin }: Scene & { readonly origin: string },
  { contentType, filename, size }: FileDraft,
): object {
  if (filename.trim() === "") throw invalid("filename must not be empty");
  const id = world.newId();
  const assetUrl = `https://uploads.linear.app/${world.workspace}/${id}`;
  const upload: UploadRecord = { id, assetUrl, fileName: filename, contentType, sizeBytes: size, content: null };
  world.uploads.set(id, upload);
  const headers = [{ key: signedHeader, value: `${size},${size}` }];
  return { uploadUrl: `${origin}/storage/${id}?X-Goog-Signature=1`, assetUrl, contentType, filename, size, headers };
}

/** Takes what is put to a place, as it was announced. Answers with the status. */
export function receiveFile(world: World, { url, headers, body, bytes }: IncomingRequest): number {
  const upload = world.uploads.get(url.pathname.split("/").at(-1) ?? "");
  if (upload === undefined) return 404;
  const content = bytes ?? new TextEncoder().encode(body);
  const { contentType, sizeBytes } = upload;
  const isSigned =
    headers.get("content-type") === contentType && headers.get(signedHeader) === `${sizeBytes},${sizeBytes}`;
  if (!isSigned) return 403;
  if (content.byteLength !== sizeBytes) return 400;
  world.uploads.set(upload.id, { ...upload, content });
  return 200;
}

/** A second one of the same address changes the first. */
export function createAttachment(
  { world, actor }: Scene,
  issue: IssueRecord,
  input: { readonly id?: string | null; readonly issueId: string; readonly url: string; readonly title: string },
): AttachmentRecord {
  const { url, title } = input;
  if (!URL.canParse(url)) throw invalid("url must be an address");
  const known = world.attachmentsOf(issue.id).find((attachment) => attachment.url === url);
  const attachment: AttachmentRecord =
    known === undefined
      ? {
          id: idFor(world, input.id, "Attachment", (id) => world.attachments.has(id)),
          issueId: issue.id,
          url,
          title,
          creatorId: actor.id,
          createdAt: world.now(),
        }
      : { ...known, title };
  world.attachments.set(attachment.id, attachment);
  return attachment;
}

/** True for an address of Linear's own storage. */
export function isStored(url: string): boolean {
  return new URL(url).host === "uploads.linear.app";
}

/** Oldest first; attachments that are links are none. */
export function filesOf(world: World, issueId: string): FakeLinearFile[] {
  const uploads = [...world.uploads.values()];
  return world.attachmentsOf(issueId).flatMap(({ id, url, title }) => {
    const upload = uploads.find(({ assetUrl }) => assetUrl === url);
    if (upload === undefined || upload.content === null) return [];
    return [{ id, fileName: title, contentType: upload.contentType, content: upload.content }];
  });
}
