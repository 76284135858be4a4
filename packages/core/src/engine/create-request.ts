import type { JsonValue } from "../domain/json.ts";
import { BackrefError } from "../errors/backref-error.ts";
import { ProviderError } from "../errors/provider-error.ts";
import { mergeFields } from "../forms/missing-fields.ts";
import { asList } from "../mapping/field-codec.ts";
import { joinBody } from "../mapping/managed-block.ts";
import type { CreateIssueRequest } from "../provider/groups/create.ts";
import type { BasePair, CreateIntent } from "../storage/rows/link-rows.ts";
import type { LinkCase } from "./link-case.ts";
import { blockOf } from "./outbound.ts";

/** What a new issue is asked to say, per field, and what that stands for here. */
export type SentFields = CreateIntent["sent"];

/** What the new issue shall say, per field, and what that stands for here. */
export function sentFields(work: LinkCase): SentFields {
  const { defect, codecs, mapping } = work;
  if (defect === null) return {};
  return Object.fromEntries(
    codecs.flatMap((codec) => {
      if (["in", "never"].includes(mapping.fields[codec.field].direction) && codec.field !== "title") return [];
      const local = defect[codec.field] ?? null;
      // Nobody is no wish: whom the tracker assigns by itself comes in.
      if (codec.member !== undefined && local === null) return [];
      const remote = codec.toRemote(local);
      return remote === undefined ? [] : [[codec.field, { local, remote }] as const];
    }),
  );
}

function checkLength(work: LinkCase, request: CreateIssueRequest): void {
  const { maxLength } = work.pass.session.capabilities;
  const parts = [
    ["title", request.title, maxLength.title],
    ["description", request.body, maxLength.body],
  ] as const;
  for (const [field, text, limit] of parts) {
    if (limit === null || text.length <= limit) continue;
    throw new ProviderError({
      failure: "permanent",
      providerId: work.pass.session.provider.id,
      operation: "issue.create",
      field,
      message: `The ${field} has ${text.length} characters with what Backref adds; the tracker takes ${limit}. Shorten it in the defect and nothing else is needed.`,
    });
  }
}

/** Names of a target's default labels. A single name is a slip that would cost every new issue its labels unseen. */
function namesOf(work: LinkCase, labels: JsonValue): readonly string[] {
  if (Array.isArray(labels) && labels.every((label) => typeof label === "string")) return asList(labels);
  throw new ProviderError({
    failure: "permanent",
    providerId: work.pass.session.provider.id,
    operation: "issue.create",
    field: "labels",
    message: "The target's default `labels` must be a list of names. Correct it in the source's targets, then retry.",
  });
}

/** The request for a new issue, checked against what the tracker can hold. Throws what a person has to mend. */
export function composeRequest(
  work: LinkCase,
  sent: SentFields,
  refusedLabels: ReadonlyMap<string, string>,
): CreateIssueRequest {
  const { target, link, pass } = work;
  if (target === null) {
    throw new BackrefError({
      code: "target-missing",
      message: `Source "${pass.session.source.name}" has no target for project "${link.projectId}", so the issue has nowhere to go. Add a target to the source.`,
    });
  }
  const text = (value: BasePair | undefined) => (typeof value?.remote === "string" ? value.remote : "");
  const usesLabels = pass.session.capabilities.priority === "labels";
  const { labels: chosenLabels = [], ...fields } = mergeFields(target.defaults, link.fields);
  const ownLabels = usesLabels ? asList(sent.priority?.remote).filter((name) => !refusedLabels.has(name)) : [];
  const request: CreateIssueRequest = {
    container: target.container,
    title: text(sent.title),
    body: joinBody(text(sent.description), blockOf(work)),
    token: link.token,
    labels: [...new Set([...namesOf(work, chosenLabels), ...ownLabels])],
    priority: usesLabels || typeof sent.priority?.remote !== "string" ? null : sent.priority.remote,
    type: target.issueType,
    assigneeIds: asList(sent.assignee?.remote),
    fields,
  };
  checkLength(work, request);
  return request;
}
