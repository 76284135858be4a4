import type { CreateGroup, CreateIssueRequest, FieldWarning } from "@backref/core/provider";
import { hasStatus, type Operation } from "@backref/provider-kit";
import type { OpenClient, RedmineAnswer, RedmineCall, RedmineClient } from "./client.ts";
import { droppedAssignees, droppedFields, keptPriority, noLabels, readCreateFields, titleOf } from "./create-fields.ts";
import { priorityId } from "./enumerations.ts";
import { projectUnknown } from "./errors.ts";
import { findCreated } from "./find-created.ts";
import { isItem } from "./issues.ts";
import { mapAnswer } from "./map-issue.ts";
import { textOf } from "./text.ts";
import type { RedmineAuth, RedmineOptions } from "./types.ts";

export function createCreateGroup(open: OpenClient): CreateGroup<RedmineAuth, RedmineOptions> {
  return {
    /** One request: Redmine answers with the whole issue. One more for a tracker, or a priority, that goes by its name. */
    async create(call: RedmineCall, request) {
      const { container, assigneeIds, labels, priority } = request;
      const client = open(call);
      const operation: Operation = { name: "issue.create", isWrite: true, explain: projectUnknown(container) };
      const extra = await readCreateFields(call, client, operation, request);
      const priorityNumber = await priorityId(call, client, operation, priority);
      const body = {
        project_id: container,
        subject: titleOf(request.title),
        description: textOf(call.options).write(request.body),
        ...(priorityNumber !== null && { priority_id: priorityNumber }),
        ...extra.fields,
      };
      const answer = await send(client, operation, body, request);
      const { snapshot } = answer.as((data) => mapAnswer(data, container, call.options));
      const warnings: readonly FieldWarning[] = [
        ...noLabels(labels),
        ...keptPriority(snapshot, priority ?? undefined),
        ...droppedAssignees(snapshot, assigneeIds),
        ...answer.as((data) => droppedFields(data, extra)),
      ];
      return { issue: snapshot, warnings };
    },

    findCreated: (call: RedmineCall, request) => findCreated(call, open(call), request),
  };
}

/** Who cannot be assigned is refused with everything else, and nothing was made: then it goes without. */
async function send(
  client: RedmineClient,
  operation: Operation,
  body: object,
  { assigneeIds: [assignee] }: CreateIssueRequest,
): Promise<RedmineAnswer> {
  const post = (issue: object) => client.request(operation, "POST", "/issues", { body: { issue } });
  if (assignee === undefined || !isItem(assignee)) return post(body);
  try {
    return await post({ ...body, assigned_to_id: Number(assignee) });
  } catch (error) {
    if (!hasStatus(error, 422)) throw error;
    return post(body);
  }
}
