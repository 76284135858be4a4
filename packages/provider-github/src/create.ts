import type { CreateGroup } from "@backref/core/provider";
import type { Operation } from "@backref/provider-kit";
import { loginsOf } from "./assignees.ts";
import type { GitHubCall, OpenClient } from "./client.ts";
import { droppedFields, readCreateFields } from "./create-fields.ts";
import { repositoryUnknown } from "./errors.ts";
import { findCreated } from "./find-created.ts";
import { type IssueFields, type PlannedPriority, planPriority } from "./issue-fields.ts";
import { splitContainer } from "./keys.ts";
import { mapRestIssue } from "./map-issue.ts";
import type { GitHubAuth, GitHubOptions } from "./types.ts";
import { droppedAssignees, droppedLabels, droppedPriority, missingAccounts } from "./warnings.ts";

export function createCreateGroup(open: OpenClient, issueFields: IssueFields): CreateGroup<GitHubAuth, GitHubOptions> {
  return {
    async create(call: GitHubCall, request) {
      const client = open(call);
      const operation = createOperation(request.container);
      const { priorityField = null } = call.options;
      const fields = readCreateFields(operation, request);
      const assigned = await loginsOf(client, request.assigneeIds);
      const logins = distinctLogins([...fields.assignees, ...assigned.logins]);
      const priority: PlannedPriority | null =
        priorityField === null || request.priority === null
          ? null
          : planPriority(await issueFields.of(call, client, request.container), priorityField, request.priority);
      const values = [...fields.values, ...prioritiesOf(priority)];
      const answer = await client.request(operation, "POST /repos/{owner}/{repo}/issues", {
        ...splitContainer(request.container),
        title: request.title,
        body: request.body,
        ...(request.labels.length > 0 && { labels: request.labels }),
        ...(logins.length > 0 && { assignees: logins }),
        ...(fields.milestone !== null && { milestone: fields.milestone }),
        ...(fields.type !== null && { type: fields.type }),
        ...(values.length > 0 && { issue_field_values: values }),
      });
      const issue = answer.as((data) => mapRestIssue(data, { priorityField }));
      const warnings = [
        ...droppedLabels(issue, request.labels),
        ...missingAccounts(assigned.missing),
        ...droppedAssignees(issue, logins),
        ...(priority === null ? [] : droppedPriority(issue, priority)),
        ...answer.as((data) => droppedFields(data, fields)),
      ];
      return { issue, warnings };
    },

    findCreated: (call: GitHubCall, request) => findCreated(open(call), call, request),
  };
}

/** GitHub's logins are the same in any case. */
function distinctLogins(logins: readonly string[]): readonly string[] {
  return [...new Map(logins.map((login) => [login.toLowerCase(), login])).values()];
}

function prioritiesOf(priority: PlannedPriority | null) {
  if (priority === null || "problem" in priority || priority.value === null) return [];
  return [{ field_id: priority.fieldId, value: priority.value }];
}

function createOperation(container: string): Operation {
  return {
    name: "issue.create",
    isWrite: true,
    explain: {
      404: repositoryUnknown(container),
      // The same request fails again until somebody changes the settings; nothing was lost.
      410: {
        failure: "permanent",
        message: `Issues are disabled in ${container}: enable them in the repository settings.`,
      },
    },
  };
}
