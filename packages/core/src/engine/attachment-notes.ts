import { cleanText } from "../runtime/clean-text.ts";
import { redactSecrets } from "../security/redact.ts";
import type { LinkAttachment } from "../storage/rows/link-rows.ts";
import type { Workspace } from "./workspace.ts";

/** Changes what is known of a file of the link, staged for the next commit; answers with the file as it is then. */
export function noteFile(work: Workspace, { id }: LinkAttachment, change: Partial<LinkAttachment>): LinkAttachment {
  const attachments = work.link.attachments.map((file) => (file.id === id ? { ...file, ...change } : file));
  work.stage({ set: { attachments } });
  const changed = attachments.find((file) => file.id === id);
  if (changed === undefined) throw new TypeError("A link knows its files.");
  return changed;
}

export function noteSent(
  work: Workspace,
  file: LinkAttachment,
  found: { readonly remoteId?: string; readonly url: string | null },
): void {
  noteFile(work, file, { state: "sent", reason: null, intentAt: null, ...found });
  work.activity("attachment-sent", { fileName: file.fileName, reference: file.reference, url: found.url });
}

/** The file is not tried again before somebody asks for it. */
export function noteRefused(work: Workspace, file: LinkAttachment, reason: string): void {
  // It may quote the tracker or the host, and it is going to be stored.
  const words = cleanText(redactSecrets(reason));
  noteFile(work, file, { state: "refused", reason: words, intentAt: null });
  work.activity("attachment-refused", { fileName: file.fileName, reference: file.reference, reason: words });
}
