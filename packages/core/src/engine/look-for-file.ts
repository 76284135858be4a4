import { ProviderError } from "../errors/provider-error.ts";
import { issueAddress } from "../issues/issue-cache.ts";
import type { RemoteAttachment } from "../provider/groups/attachments.ts";
import type { LinkAttachment } from "../storage/rows/link-rows.ts";
import { noteFile, noteRefused, noteSent } from "./attachment-notes.ts";
import type { Workspace } from "./workspace.ts";

/** Clocks of host and tracker may differ by this much. */
const clockSkewMs = 600_000;
const shortestLookMs = 1_000;
const longestLookMs = 60_000;

const sameName = (a: string, b: string) => a.normalize("NFC") === b.normalize("NFC");

/** Sent by our account about then, under this name, and no other file of the link. */
async function isTheFile(work: Workspace, file: LinkAttachment): Promise<(found: RemoteAttachment) => boolean> {
  const accountId = await work.pass.account();
  const name = work.pass.session.provider.attachments?.storedName?.(file.fileName) ?? file.fileName;
  const known = new Set(work.link.attachments.flatMap(({ remoteId }) => remoteId ?? []));
  return ({ remoteId, fileName, sizeBytes, author, createdAt }) =>
    !known.has(remoteId) &&
    sameName(fileName, name) &&
    (sizeBytes === null || sizeBytes === file.sizeBytes) &&
    createdAt >= (file.intentAt ?? 0) - clockSkewMs &&
    (author === null || accountId === null || author.id === accountId);
}

/**
 * Finds out what became of a file that was sent without an answer. It counts as never arrived only once the grace period is
 * over; where the tracker lists no files it is not sent again by itself.
 * @returns when to look again; null where its fate is known: it may be sent again then, unless it is there or given up
 */
export async function lookForFile(work: Workspace, file: LinkAttachment): Promise<number | null> {
  const { pass, issue } = work;
  const { limits } = pass.runtime;
  const list = pass.session.provider.attachments?.list;
  if (list === undefined || issue === null) {
    noteRefused(
      work,
      file,
      "No answer came to the file, and the tracker cannot be asked for it. Look at the issue, and retry the link where it is missing.",
    );
    return null;
  }
  const graceLeftMs = (file.intentAt ?? 0) + limits.createGraceMs - pass.now();
  const afterMs = Math.min(shortestLookMs * 2 ** Math.min(file.looks, 20), longestLookMs);
  try {
    const isIt = await isTheFile(work, file);
    const files = await pass.slots.run(() => list(pass.call(), { issue: issueAddress(issue) }));
    const found = files.find(isIt);
    if (found !== undefined) {
      noteSent(work, file, { remoteId: found.remoteId, url: found.url });
      return null;
    }
  } catch (error) {
    const isPassing = ProviderError.isInstance(error) && (error.failure === "retry" || error.failure === "gone");
    if (!isPassing || graceLeftMs <= 0) throw error;
    noteFile(work, file, { looks: file.looks + 1 });
    return afterMs;
  }
  if (graceLeftMs > 0) {
    noteFile(work, file, { looks: file.looks + 1 });
    return Math.min(afterMs, graceLeftMs);
  }
  if (limits.createInDoubt === "wait") {
    noteRefused(
      work,
      file,
      "No answer came to the file, and the issue does not show it. Retry the link to send it again.",
    );
    return null;
  }
  noteFile(work, file, { intentAt: null, looks: 0 });
  return null;
}
