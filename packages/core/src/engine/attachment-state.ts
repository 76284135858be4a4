import type { LinkAttachment } from "../storage/rows/link-rows.ts";

/** What is known of a file nobody has tried to send yet. */
export const unsentAttachment: Pick<
  LinkAttachment,
  "state" | "reason" | "remoteId" | "url" | "intentAt" | "looks" | "attempts"
> = { state: "waiting", reason: null, remoteId: null, url: null, intentAt: null, looks: 0, attempts: 0 };

/** A file that somebody wants to be tried again, as if for the first time. */
export function waitingAgain(file: LinkAttachment): LinkAttachment {
  return { ...file, ...unsentAttachment };
}
