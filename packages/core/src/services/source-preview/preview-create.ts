import type { IssueSnapshot } from "../../domain/issue-snapshot.ts";
import { agreeOnNew } from "../../engine/adopt-issue.ts";
import { composeRequest, sentFields } from "../../engine/create-request.ts";
import type { LinkCase } from "../../engine/link-case.ts";
import { bodyLengthOf } from "../../engine/outbound.ts";
import { planFields } from "../../engine/plan-fields.ts";
import { BackrefError } from "../../errors/index.ts";
import { asList } from "../../mapping/field-codec.ts";
import type { CreateIssueRequest } from "../../provider/groups/create.ts";
import type { PreviewedField } from "../source-preview-types.ts";
import { issueWords, previewFields } from "./preview-fields.ts";
import { commentsOut, judgePushes, nothing, type PreviewedLook, refusedLabels } from "./preview-look.ts";
import { previewWords } from "./preview-words.ts";

/** The new issue as it is asked for, before anything else is done to it. Trackers begin with an open state. */
function newIssue({ container, title, body, labels, priority, type }: CreateIssueRequest): IssueSnapshot {
  return {
    remoteId: "",
    container,
    item: "",
    title,
    body,
    state: { id: "open", name: "open", category: "open", reason: null },
    priority,
    labels: labels ?? [],
    type: type ?? null,
    assignees: [],
    author: null,
    createdAt: 0,
    updatedAt: 0,
    version: 0,
    commentCount: 0,
    raw: null,
  };
}

/** Nothing, in any of the ways in which a tracker says so. */
function isEmpty(value: unknown): boolean {
  return value === null || value === "" || (Array.isArray(value) && value.length === 0);
}

function createdFields(work: LinkCase, issue: IssueSnapshot): readonly PreviewedField[] {
  const sent = sentFields(work);
  const { base, refused } = agreeOnNew(work, issue, { sent, warnings: [], how: "issue-created" });
  const known: LinkCase = { ...work, link: { ...work.link, base, refused } };
  const plan = planFields(known, issue, work.pass.now(), bodyLengthOf(work));
  const found = previewFields(known, issue, { plan, pushes: judgePushes(known, plan), stored: [] });
  return work.codecs.flatMap((codec): readonly PreviewedField[] => {
    const { field } = codec;
    const told = found.find((one) => one.field === field);
    const after = told?.issue.after ?? issueWords(codec, issue);
    const isSent = sent[field] !== undefined && !isEmpty(after);
    if (told === undefined && !isSent) return [];
    const now = work.defect?.[field] ?? null;
    const draft = {
      ...(told ?? { field, outcome: "out" as const, winner: null, defect: { now, after: now }, reading: null }),
      issue: { now: null, after },
    };
    const message = told?.outcome === "out" || told === undefined ? null : told.message;
    return [{ ...draft, message: message ?? previewWords(draft, work.mapping.fields[field], null) }];
  });
}

/** What a new issue will say, and what follows for the defect. */
export function previewCreate(work: LinkCase): PreviewedLook {
  const { provider, capabilities } = work.pass.session;
  if (provider.create === undefined) {
    return { ...nothing, message: `${provider.describe().name} issues cannot be created from here.` };
  }
  const sent = sentFields(work);
  const names = capabilities.priority === "labels" ? asList(sent.priority?.remote) : [];
  try {
    const issue = newIssue(composeRequest(work, sent, refusedLabels(work, names)));
    const comments = { out: commentsOut(work), uncounted: null };
    return { ...nothing, step: "create", fields: createdFields(work, issue), comments };
  } catch (error) {
    if (!BackrefError.isInstance(error)) throw error;
    return { ...nothing, message: error.message };
  }
}
