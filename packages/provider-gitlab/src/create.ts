import type { CreateGroup } from "@backref/core/provider";
import type { Operation } from "@backref/provider-kit";
import type { GitLabCall, OpenClient } from "./client.ts";
import { droppedAssignees, droppedFields, droppedLabels, readCreateFields, splitLabels } from "./create-fields.ts";
import { projectRenamed, projectUnknown } from "./errors.ts";
import { findCreated } from "./find-created.ts";
import { projectAddress } from "./keys.ts";
import { mapIssue } from "./map-issue.ts";
import type { GitLabAuth, GitLabOptions } from "./types.ts";

export function createCreateGroup(open: OpenClient): CreateGroup<GitLabAuth, GitLabOptions> {
  return {
    /** One request: GitLab answers with the whole issue. */
    async create(call: GitLabCall, request) {
      const operation = createOperation(request.container);
      const extra = readCreateFields(operation, request);
      const labels = splitLabels(request.labels);
      const answer = await open(call).request(operation, "POST", `${projectAddress(request.container)}/issues`, {
        body: {
          title: request.title.replace(/\s+/g, " ").trim(),
          description: request.body,
          ...(labels.good.length > 0 && { labels: labels.good }),
          ...(request.assigneeIds.length > 0 && { assignee_ids: request.assigneeIds.map(Number) }),
          ...extra.fields,
        },
      });
      const { snapshot } = answer.as(mapIssue);
      const warnings = [
        ...labels.warnings,
        ...droppedLabels(snapshot, labels.good),
        ...droppedAssignees(snapshot, request.assigneeIds),
        ...answer.as((data) => droppedFields(data, extra)),
      ];
      return { issue: snapshot, warnings };
    },

    findCreated: (call: GitLabCall, request) => findCreated(open(call), request),
  };
}

function createOperation(container: string): Operation {
  return {
    name: "issue.create",
    isWrite: true,
    explain: { 404: projectUnknown(container), 405: projectRenamed(container) },
  };
}
