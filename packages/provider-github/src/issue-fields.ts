import { hasStatus, type Operation, parseShape } from "@backref/provider-kit";
import { z } from "zod";
import type { GitHubCall, GitHubClient } from "./client.ts";
import { splitContainer } from "./keys.ts";
import { isNamed } from "./map-issue.ts";
import { isForbidden } from "./repository.ts";
import { parseList } from "./rest-values.ts";

/** A field that an organization gives its issues. */
export interface IssueField {
  readonly id: number;
  readonly name: string;
  readonly dataType: string;
  /** Names; empty for fields without a choice. */
  readonly options: readonly string[];
}

export interface ListedFields {
  readonly fields: readonly IssueField[];
  /** Why there are none, in words; null where GitHub listed them. */
  readonly problem: string | null;
}

export interface IssueFields {
  /** The fields of a repository's owner. A refusal is a result: fields are an extra. */
  of(call: GitHubCall, client: GitHubClient, container: string): Promise<ListedFields>;
}

const operation: Operation = { name: "fields.list", isWrite: false };
/** An organization changes its fields rarely, and every push may ask for them. */
const rememberedMs = 10 * 60 * 1000;
const problemRememberedMs = 60 * 1000;
const mostRemembered = 1000;

const fieldShape = z.object({
  id: z.number(),
  name: z.string(),
  data_type: z.string(),
  options: z.array(z.object({ name: z.string() })).nullish(),
});

/** Asks once per organization, credential and ten minutes; another process asks for itself. */
export function createIssueFields(): IssueFields {
  const known = new Map<string, { readonly listed: ListedFields; readonly until: number }>();
  return {
    async of(call, client, container) {
      const { owner } = splitContainer(container);
      const key = JSON.stringify([call.baseUrl, call.credentialId, owner.toLowerCase()]);
      const remembered = known.get(key);
      if (remembered !== undefined && call.clock.now() < remembered.until) return remembered.listed;
      const listed = await listFields(client, owner);
      const until = call.clock.now() + (listed.problem === null ? rememberedMs : problemRememberedMs);
      if (known.size >= mostRemembered) known.clear();
      known.set(key, { listed, until });
      return listed;
    },
  };
}

async function listFields(client: GitHubClient, owner: string): Promise<ListedFields> {
  try {
    const answer = await client.request(operation, "GET /orgs/{owner}/issue-fields", { owner });
    const fields = answer.as((data) => parseList(data).map((row) => parseShape(fieldShape, row, "field")));
    const mapped = fields.map(({ id, name, data_type: dataType, options }): IssueField => {
      return { id, name, dataType, options: (options ?? []).map((option) => option.name) };
    });
    return { fields: mapped, problem: null };
  } catch (error) {
    if (isForbidden(error)) return { fields: [], problem: (error as Error).message };
    if (!hasStatus(error, 404, 410)) throw error;
    return { fields: [], problem: `${owner} has no issue fields that this token can see.` };
  }
}

/** A value of the source's priority field, as GitHub takes it; or why it cannot be set. */
export type PlannedPriority =
  | { readonly fieldId: number; readonly value: string | null }
  | { readonly problem: string };

/** @param wanted the option's name in any case; null to take the priority away */
export function planPriority(
  { fields, problem }: ListedFields,
  fieldName: string,
  wanted: string | null,
): PlannedPriority {
  const field = fields.find(({ name, dataType }) => dataType === "single_select" && isNamed(name, fieldName));
  if (field === undefined) {
    const why = problem ?? "Create it in the organization's settings, or correct the source's option priorityField.";
    return { problem: `There is no single-select issue field "${fieldName}" to put the priority in. ${why}` };
  }
  if (wanted === null) return { fieldId: field.id, value: null };
  const value = field.options.find((option) => isNamed(option, wanted));
  if (value !== undefined) return { fieldId: field.id, value };
  const known = field.options.map((option) => `"${option}"`).join(", ");
  return { problem: `The issue field "${field.name}" has no option "${wanted}", only ${known}. Correct the mapping.` };
}
