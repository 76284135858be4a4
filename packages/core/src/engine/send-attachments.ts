import { refuseLinks } from "./linked-files.ts";
import { lookForFile } from "./look-for-file.ts";
import { sendFile } from "./send-file.ts";
import type { Workspace } from "./workspace.ts";

/**
 * Sees to the files of a link whose issue exists, in order: what was sent without an answer is looked for, what waits is sent.
 * A file that cannot be sent is a warning of the link and holds up nothing else.
 * @returns when to see to them again; null where all are settled
 */
export async function sendAttachments(work: Workspace): Promise<number | null> {
  if (work.issue === null) return null;
  refuseLinks(work);
  let againAfterMs: number | null = null;
  const seeAgain = (afterMs: number | null) => {
    if (afterMs !== null) againAfterMs = Math.min(againAfterMs ?? afterMs, afterMs);
  };
  for (const { id } of work.link.attachments) {
    const fileNow = () =>
      work.link.attachments.find((file) => file.id === id && file.by === "upload" && file.state === "waiting");
    const known = fileNow();
    if (known !== undefined && known.intentAt !== null) seeAgain(await lookForFile(work, known));
    const file = fileNow();
    if (file !== undefined && file.intentAt === null) seeAgain(await sendFile(work, file));
  }
  return againAfterMs;
}
