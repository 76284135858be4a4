import type { CreateGroup, CreateIssueRequest, FieldWarning, JsonObject } from "@backref/core/provider";
import { setBacklink } from "./backlink.ts";
import type { JiraCall, OpenClient } from "./client.ts";
import { droppedFields, extraFields, namedReference, personReference, splitLabels } from "./create-fields.ts";
import { afterOtherWrites, type Operation, projectUnknown } from "./errors.ts";
import { fetchIssue, parseCreated } from "./fetch-issues.ts";
import { findCreated, highestNumber } from "./find-created.ts";
import { propertyKey } from "./map-issue.ts";
import { loadRichText, type OutgoingText } from "./text.ts";
import type { JiraAuth, JiraOptions } from "./types.ts";

const readBack: Operation = { name: "issue.create", isWrite: false };

export function createCreateGroup(open: OpenClient): CreateGroup<JiraAuth, JiraOptions> {
  return {
    /** Jira answers a create with id and key alone: what its workflow made of it is read. A backlink is a third request. */
    async create(call: JiraCall, request) {
      const client = open(call);
      const { deployment } = client;
      const richText = await loadRichText(deployment);
      const operation = createOperation(request.container);
      const body = richText.write(request.body, null);
      const labels = splitLabels(request.labels);
      const [assigneeId = null, ...others] = request.assigneeIds;
      const fields = {
        ...extraFields(operation, request, deployment),
        ...fieldsOf(request, call.options, body),
        ...(labels.good.length > 0 && { labels: labels.good }),
        ...(assigneeId !== null && { assignee: personReference(assigneeId, deployment) }),
      };
      const value = { token: request.token, body: body.memory };
      const answer = await client.request(operation, "POST", "/issue", {
        body: { fields, properties: [{ key: propertyKey, value }] },
      });
      const { id } = answer.as(parseCreated);
      try {
        const linkWarnings = await setBacklink(call, client, id, request);
        const { snapshot } = await fetchIssue(client, readBack, id, richText);
        const sent = { labels: labels.good, badLabels: labels.bad, assigneeId, priority: request.priority };
        return { issue: snapshot, warnings: [...droppedFields(snapshot, sent), ...surplus(others), ...linkWarnings] };
      } catch (error) {
        throw afterOtherWrites(operation, error);
      }
    },

    findCreated: (call: JiraCall, request) => findCreated(open(call), request),

    probe: async (call: JiraCall, { container }) => highestNumber(open(call), container),
  };
}

function fieldsOf(
  { container, title, type, priority }: CreateIssueRequest,
  { issueType }: JiraOptions,
  body: OutgoingText,
): JsonObject {
  return {
    project: { key: container },
    issuetype: namedReference(type ?? issueType),
    summary: title.replace(/\s+/g, " ").trim(),
    description: body.value,
    ...(priority !== null && { priority: namedReference(priority) }),
  };
}

/** Jira's issues have one assignee. */
function surplus(others: readonly string[]): readonly FieldWarning[] {
  if (others.length === 0) return [];
  return [{ field: "assignees", message: "Jira's issues have one assignee: only the first was set." }];
}

function createOperation(container: string): Operation {
  return { name: "issue.create", isWrite: true, explain: { 404: projectUnknown(container) } };
}
