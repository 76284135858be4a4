import type { FormGroup, IssueFormField } from "@backref/core/provider";
import { type Operation, parseShape } from "@backref/provider-kit";
import { z } from "zod";
import type { GitLabCall, GitLabClient, OpenClient } from "./client.ts";
import { projectUnknown } from "./errors.ts";
import { projectAddress } from "./keys.ts";
import { listPages } from "./list-pages.ts";
import { idShape } from "./shapes.ts";
import type { GitLabAuth, GitLabOptions } from "./types.ts";

const milestoneShape = z.object({ id: idShape, title: z.string() });

/** Due date, confidentiality and milestone; GitLab requires none of them. */
export function createFormGroup(open: OpenClient): FormGroup<GitLabAuth, GitLabOptions> {
  return {
    async fields(call: GitLabCall, { container }) {
      const milestones = await openMilestones(open(call), container);
      const base = { required: false, allowedValues: null, defaultValue: null } as const;
      const fields: readonly IssueFormField[] = [
        { ...base, id: "due_date", name: "Due date", type: "date" },
        { ...base, id: "confidential", name: "Confidential", type: "boolean", defaultValue: false },
        { ...base, id: "milestone_id", name: "Milestone", type: "option", allowedValues: milestones },
      ];
      // A choice of nothing is none.
      return fields.filter(({ allowedValues }) => allowedValues?.length !== 0);
    },
  };
}

async function openMilestones(client: GitLabClient, container: string): Promise<{ id: string; name: string }[]> {
  const operation: Operation = { name: "form.fields", isWrite: false, explain: { 404: projectUnknown(container) } };
  const path = `${projectAddress(container)}/milestones`;
  const query = { state: "active", include_ancestors: true };
  const found: { id: string; name: string }[] = [];
  const read = (row: unknown) => parseShape(milestoneShape, row, "milestone");
  for await (const rows of listPages(client, operation, path, query, read)) {
    found.push(...rows.map(({ id, title }) => ({ id, name: title })));
  }
  return found;
}
