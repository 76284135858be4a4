import type { FormGroup, IssueFormField } from "@backref/core/provider";
import { hasStatus, type Operation, parseShape } from "@backref/provider-kit";
import { z } from "zod";
import type { GitHubCall, GitHubClient, OpenClient } from "./client.ts";
import { issueFieldPrefix } from "./create-fields.ts";
import { repositoryUnknown } from "./errors.ts";
import type { IssueField, IssueFields } from "./issue-fields.ts";
import { listPages } from "./list-pages.ts";
import { isNamed } from "./map-issue.ts";
import { parseList, repositoryUrl } from "./rest-values.ts";
import type { GitHubAuth, GitHubOptions } from "./types.ts";

type Allowed = NonNullable<IssueFormField["allowedValues"]>;

const operationOf = (container: string): Operation => ({
  name: "form.fields",
  isWrite: false,
  explain: { 404: repositoryUnknown(container) },
});

/**
 * Assignees, milestone, issue type and the organization's issue fields; GitHub requires none of them. Fields that the
 * repository or the server does not have are left out.
 */
export function createFormGroup(open: OpenClient, issueFields: IssueFields): FormGroup<GitHubAuth, GitHubOptions> {
  return {
    async fields(call: GitHubCall, { container }) {
      const client = open(call);
      const operation = operationOf(container);
      const url = repositoryUrl(call.baseUrl, container);
      // One after another, as GitHub wants it: a request that is refused is the last then.
      const people = await assignable(client, operation, url);
      const milestones = await openMilestones(client, operation, url);
      const types = await issueTypes(client, operation, url);
      const listed = await issueFields.of(call, client, container);
      const { priorityField = null } = call.options;
      const own = listed.fields.filter(({ name }) => priorityField === null || !isNamed(name, priorityField));
      const base = { required: false, defaultValue: null } as const;
      return [
        { ...base, id: "assignees", name: "Assignees", type: "people", allowedValues: people },
        ...choice({ ...base, id: "milestone", name: "Milestone", type: "option", allowedValues: milestones }),
        ...choice({ ...base, id: "type", name: "Type", type: "option", allowedValues: types }),
        ...own.map((field) => formField(field)),
      ];
    },
  };
}

/** A choice of nothing is none. */
function choice(field: IssueFormField): readonly IssueFormField[] {
  return field.allowedValues?.length === 0 ? [] : [field];
}

const kinds: Readonly<Record<string, IssueFormField["type"]>> = {
  single_select: "option",
  multi_select: "options",
  number: "number",
  date: "date",
};

function formField({ id, name, dataType, options }: IssueField): IssueFormField {
  const type = kinds[dataType] ?? "text";
  const isChoice = type === "option" || type === "options";
  return {
    id: `${issueFieldPrefix}${id}`,
    name,
    required: false,
    type,
    allowedValues: isChoice ? options.map((option) => ({ id: option, name: option })) : null,
    defaultValue: null,
  };
}

const personShape = z.object({ login: z.string() });

/** Null where there are more than one page of them: people are searched for then. */
async function assignable(client: GitHubClient, operation: Operation, url: string): Promise<Allowed | null> {
  const answer = await client.request(operation, `GET ${url}/assignees?per_page=100`);
  if (answer.next !== null) return null;
  const logins = answer.as((data) => parseList(data).map((row) => parseShape(personShape, row, "person").login));
  return logins.map((login) => ({ id: login, name: login }));
}

const milestoneShape = z.object({ number: z.number(), title: z.string() });

async function openMilestones(client: GitHubClient, operation: Operation, url: string): Promise<Allowed> {
  const found: { id: string; name: string }[] = [];
  const read = (row: unknown) => parseShape(milestoneShape, row, "milestone");
  for await (const rows of listPages(client, operation, `${url}/milestones?state=open&per_page=100`, read)) {
    found.push(...rows.map(({ number, title }) => ({ id: String(number), name: title })));
  }
  return found;
}

const typeShape = z.object({ name: z.string(), is_enabled: z.boolean().nullish() });

/** None where the owner is a person, or the server knows no issue types. */
async function issueTypes(client: GitHubClient, operation: Operation, url: string): Promise<Allowed> {
  try {
    const answer = await client.request(operation, `GET ${url}/issue-types`);
    const types = answer.as((data) => parseList(data).map((row) => parseShape(typeShape, row, "type")));
    return types.filter(({ is_enabled: enabled }) => enabled !== false).map(({ name }) => ({ id: name, name }));
  } catch (error) {
    if (hasStatus(error, 404)) return [];
    throw error;
  }
}
