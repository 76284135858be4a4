import { messageOf } from "../errors/message-of.ts";
import { ProviderError } from "../errors/provider-error.ts";
import { issueAddress } from "../issues/issue-cache.ts";
import { withTimeLimit } from "../runtime/time-limit.ts";
import { isUnsent } from "../runtime/unsent.ts";
import type { LinkAttachment } from "../storage/rows/link-rows.ts";
import { noteFile, noteRefused, noteSent } from "./attachment-notes.ts";
import { countContent } from "./counted-content.ts";
import { backoffMs } from "./failure.ts";
import type { Workspace } from "./workspace.ts";

/** The host's file, which has as long to open as it has to be sent. */
async function openFile({ pass, link }: Workspace, file: LinkAttachment): Promise<ReadableStream<Uint8Array>> {
  const { runtime } = pass;
  const { reference, fileName, contentType, sizeBytes } = file;
  if (runtime.attachments === null) throw new Error("createBackref was given no `attachments`.");
  const opening = runtime.attachments.open({ tenantId: link.tenantId, reference, fileName, contentType, sizeBytes });
  const durationMs = runtime.limits.attachmentTimeoutMs;
  const reason = () => new Error(`It did not open within ${durationMs} ms.`);
  const content = await withTimeLimit(runtime, { durationMs, reason }, (signal) =>
    Promise.race([
      opening,
      new Promise<never>((_, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason), { once: true });
      }),
    ]),
  );
  if (!isReadable(content)) {
    throw new Error("what `open` gives is no unread ReadableStream (`Readable.toWeb` makes one of a stream of Node's)");
  }
  return content;
}

/** By its shape, since a host may bring streams of another make. */
function isReadable(content: unknown): content is ReadableStream<Uint8Array> {
  const { getReader, locked } = (content ?? {}) as Partial<ReadableStream>;
  return typeof getReader === "function" && locked === false;
}

/** It certainly did not arrive: tried again a few times, then given up. @returns when to try again; null for never */
function failAttempt(work: Workspace, file: LinkAttachment, reason: string): number | null {
  const { runtime } = work.pass;
  if (file.attempts >= runtime.limits.attachmentAttempts) {
    noteRefused(work, file, reason);
    return null;
  }
  noteFile(work, file, { intentAt: null });
  return backoffMs(runtime, file.attempts);
}

/**
 * Sends one file, once: that it is being sent is committed before, and what became of it is staged after.
 * @returns when to see to it again; null where it is settled
 * @throws what concerns the source as a whole: a wait, a refused credential
 */
export async function sendFile(work: Workspace, waiting: LinkAttachment): Promise<number | null> {
  const { pass, issue } = work;
  const { limits } = pass.runtime;
  const { attachments } = pass.session.provider;
  if (attachments === undefined || issue === null) {
    noteRefused(work, waiting, "The tracker takes no files from this source.");
    return null;
  }
  const attempt = noteFile(work, waiting, { attempts: waiting.attempts + 1 });
  let content: ReadableStream<Uint8Array>;
  try {
    content = await openFile(work, attempt);
  } catch (error) {
    return failAttempt(work, attempt, `The host could not open it: ${messageOf(error)}`);
  }
  const counted = countContent(content, attempt.sizeBytes);
  try {
    return await pass.slots.run(async () => {
      const file = noteFile(work, attempt, { intentAt: pass.now(), looks: 0 });
      await work.flush();
      const { fileName, contentType, sizeBytes } = file;
      try {
        const sent = await attachments.upload(pass.call({ timeoutMs: limits.attachmentTimeoutMs }), {
          issue: issueAddress(issue),
          fileName,
          contentType,
          sizeBytes,
          content: counted.stream,
        });
        noteSent(work, file, sent);
        return null;
      } catch (error) {
        return judgeFailure(work, file, error, counted.problem());
      }
    });
  } finally {
    if (!counted.stream.locked) await counted.stream.cancel().catch(() => {});
  }
}

function judgeFailure(
  work: Workspace,
  file: LinkAttachment,
  error: unknown,
  problem: { readonly message: string; readonly isLasting: boolean } | null,
): number | null {
  // Half a file is none: no tracker takes a request that breaks off.
  if (problem?.isLasting === true) {
    noteRefused(work, file, problem.message);
    return null;
  }
  if (problem !== null) return failAttempt(work, file, problem.message);
  const failure = ProviderError.isInstance(error) ? error.failure : "ambiguous";
  switch (failure) {
    case "ambiguous":
      return 0;
    case "permanent":
    case "forbidden":
      noteRefused(work, file, messageOf(error));
      return null;
    case "retry":
    case "gone":
      if (!isUnsent(error)) return failAttempt(work, file, messageOf(error));
      break;
    default:
      break;
  }
  // Of the source, not of the file: it uses up no attempt.
  noteFile(work, file, { intentAt: null, attempts: file.attempts - 1 });
  if (failure === "retry") return 0;
  throw error;
}
