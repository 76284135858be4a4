import type { IssueSnapshot } from "../domain/issue-snapshot.ts";
import { messageOf } from "../errors/message-of.ts";
import { linkTarget, replaceBlock } from "../mapping/managed-block.ts";
import { safeUrl } from "../runtime/safe-url.ts";
import type { LinkAttachment } from "../storage/rows/link-rows.ts";
import { noteRefused, noteSent } from "./attachment-notes.ts";
import type { LinkCase } from "./link-case.ts";
import { blockOf } from "./outbound.ts";
import type { FieldPlan, PlannedPush } from "./plan-fields.ts";
import type { Workspace } from "./workspace.ts";

/** Where people find a file in the host, or why there is no such place. What the host's function throws is about this file alone. */
function placeOf(
  { link, defect, pass }: LinkCase,
  file: LinkAttachment,
): { readonly url: string } | { readonly url: null; readonly reason: string } {
  if (file.url !== null) return { url: file.url };
  const { attachmentUrl } = pass.runtime;
  if (defect === null || attachmentUrl === null)
    return { url: null, reason: "The host gives no address for the file." };
  const { reference, fileName, contentType, sizeBytes } = file;
  const attachment = { reference, fileName, contentType, sizeBytes };
  let given: unknown;
  try {
    given = attachmentUrl({ tenantId: link.tenantId, defect, attachment });
  } catch (error) {
    return { url: null, reason: `The host's \`attachmentUrl\` failed over the file: ${messageOf(error)}` };
  }
  if (given == null) return { url: null, reason: "The host's `attachmentUrl` gives no address for the file." };
  const url = safeUrl(given);
  if (url !== null) return { url };
  return {
    url: null,
    reason: "What the host's `attachmentUrl` gives for the file is no absolute http or https address.",
  };
}

function addressOf(work: LinkCase, file: LinkAttachment): string | null {
  return placeOf(work, file).url;
}

/** Files that stand in the managed block, or are going to. */
export function linkedFiles(work: LinkCase): readonly { readonly name: string; readonly url: string }[] {
  return work.link.attachments
    .filter(({ by, state }) => by === "link" && state !== "refused")
    .flatMap((file) => {
      const url = addressOf(work, file);
      return url === null ? [] : [{ name: file.fileName, url }];
    });
}

/** Files that are to be linked from the issue, and are not yet. */
export function waitingLinks({ link }: Pick<LinkCase, "link">): readonly LinkAttachment[] {
  return link.attachments.filter(({ by, state }) => by === "link" && state === "waiting");
}

/** The plan, and the managed block rewritten in place where files wait to be linked and the body is not written anyway. */
export function withLinkedFiles(work: LinkCase, issue: IssueSnapshot, plan: FieldPlan): FieldPlan {
  const isLinkable = waitingLinks(work).some((file) => addressOf(work, file) !== null);
  if (!isLinkable) return plan;
  if (plan.pushes.some(({ field }) => field === "description")) return plan;
  const isFrozen = [...work.link.frozen, ...plan.freeze].includes("description");
  const base = plan.base.description ?? work.link.base.description;
  const codec = work.codecs.find(({ field }) => field === "description");
  if (isFrozen || base === undefined || codec === undefined) return plan;
  const body = replaceBlock(issue.body, work.link.token, blockOf(work));
  const limit = work.pass.session.capabilities.maxLength.body;
  if (limit !== null && body.length > limit) return plan;
  const now = codec.readRemote(issue);
  const push: PlannedPush = { field: "description", local: base.local, target: now, before: now, body };
  return { ...plan, pushes: [...plan.pushes, push] };
}

/** What an answer shows of the files that were to be linked: those in it are. */
export function settleLinks(work: Workspace, issue: IssueSnapshot): void {
  for (const file of waitingLinks(work)) {
    const url = addressOf(work, file);
    if (url !== null && issue.body.includes(linkTarget(url))) noteSent(work, file, { url });
  }
}

/** Files that could not be linked by now will not be: says why. In a conflict, and where changes wait for a yes, they wait for its end. */
export function refuseLinks(work: Workspace): void {
  const { pass, link } = work;
  if (link.frozen.includes("description") || link.heldEpoch !== null) return;
  for (const file of waitingLinks(work)) {
    const place = placeOf(work, file);
    const reason =
      pass.session.provider.update === undefined
        ? "The tracker takes no changes, so no link to the file can be added to the issue."
        : place.url === null
          ? place.reason
          : "The tracker did not take a link to the file: the description is too long, does not travel, or was refused.";
    noteRefused(work, file, reason);
  }
}
