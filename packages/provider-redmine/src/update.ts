import type { FieldWarning, IssueAddress, IssuePatch, UpdateGroup, UpdateIssueRequest } from "@backref/core/provider";
import { hasStatus, type Operation } from "@backref/provider-kit";
import type { OpenClient, RedmineCall, RedmineClient } from "./client.ts";
import { droppedAssignees, keptPriority, noLabels, titleOf } from "./create-fields.ts";
import { priorityId } from "./enumerations.ts";
import { errors, writtenUnseen } from "./errors.ts";
import { isItem, readItems } from "./issues.ts";
import { issueAddress } from "./keys.ts";
import type { ReadIssue } from "./map-issue.ts";
import { chooseStatus } from "./states.ts";
import { textOf } from "./text.ts";
import type { RedmineAuth, RedmineOptions } from "./types.ts";

const write: Operation = { name: "issue.update", isWrite: true };
const reading: Operation = { name: "issue.update", isWrite: false };

/**
 * A write and a look at what became of it, since Redmine answers without a word. Before it a look where the present matters: for
 * a change of state, for taking an assignee away, and for a text in Textile.
 */
export function createUpdateGroup(open: OpenClient): UpdateGroup<RedmineAuth, RedmineOptions> {
  return {
    async update(call: RedmineCall, { issue: address, patch }: UpdateIssueRequest) {
      const client = open(call);
      const state = patch.state === undefined ? null : await chooseStatus(call, client, reading, address, patch.state);
      const before = needsLook(call, patch) ? await readOne(call, client, address) : null;
      const assignee = assigneeAfter(before, patch);
      const priority = await priorityId(call, client, write, patch.priority);
      const fields = {
        ...(patch.title !== undefined && { subject: titleOf(patch.title) }),
        ...(patch.body !== undefined && { description: textOf(call.options).write(patch.body, before?.text) }),
        ...(priority !== null && { priority_id: priority }),
        ...(state !== null && state.statusId !== null && { status_id: state.statusId }),
      };
      const isSent = await send(client, address, fields, assignee);
      const issue = await readBack(call, client, address, isSent);
      const warnings: readonly FieldWarning[] = [
        ...noLabels(patch.labels?.add ?? []),
        ...(state?.warnings ?? []),
        ...warningsOf(issue, patch, fields),
      ];
      return { issue: issue.snapshot, warnings };
    },
  };
}

function needsLook({ options }: RedmineCall, { body, assigneeIds }: IssuePatch): boolean {
  const isTaken = assigneeIds !== undefined && assigneeIds.add.length === 0;
  return isTaken || (body !== undefined && options.textFormat === "textile");
}

/** Number of who shall be assigned, an empty text for nobody; null where nothing changes about it. */
function assigneeAfter(before: ReadIssue | null, { assigneeIds }: IssuePatch): number | "" | null {
  if (assigneeIds === undefined) return null;
  const [first] = assigneeIds.add;
  if (first !== undefined) return isItem(first) ? Number(first) : null;
  return before?.snapshot.assignees.some(({ id }) => assigneeIds.remove.includes(id)) ? "" : null;
}

/** Who cannot be assigned is refused with everything else, and nothing was written: then the rest goes without. */
async function send(
  client: RedmineClient,
  address: IssueAddress,
  fields: object,
  assignee: number | "" | null,
): Promise<boolean> {
  const put = async (issue: object) => {
    if (Object.keys(issue).length === 0) return false;
    await client.request(write, "PUT", issueAddress(address), { body: { issue } });
    return true;
  };
  if (assignee === null) return put(fields);
  try {
    return await put({ ...fields, assigned_to_id: assignee });
  } catch (error) {
    if (!hasStatus(error, 422)) throw error;
    return put(fields);
  }
}

async function readBack(
  call: RedmineCall,
  client: RedmineClient,
  address: IssueAddress,
  isSent: boolean,
): Promise<ReadIssue> {
  try {
    return await readOne(call, client, address);
  } catch (error) {
    throw isSent ? errors.afterOtherWrites(write, error, writtenUnseen) : error;
  }
}

async function readOne(call: RedmineCall, client: RedmineClient, address: IssueAddress): Promise<ReadIssue> {
  const { container, item } = address;
  const issue = (await readItems(call, client, reading, container, [item])).get(item);
  if (issue !== undefined) return issue;
  throw errors.build(reading, { failure: "gone", message: `Issue #${item} is not in project ${container} any more.` });
}

function* warningsOf(
  { snapshot, text }: ReadIssue,
  patch: IssuePatch,
  sent: { readonly description?: string; readonly status_id?: number },
): Generator<FieldWarning, void> {
  const mayNot = "the account's role, or the workflow, does not let it change";
  yield* keptPriority(snapshot, patch.priority);
  yield* droppedAssignees(snapshot, patch.assigneeIds?.add ?? []);
  if (patch.title !== undefined && titleOf(patch.title) !== snapshot.title) {
    yield { field: "title", message: `Redmine kept the title "${snapshot.title}": ${mayNot}.` };
  }
  if (sent.description !== undefined && normalised(sent.description) !== normalised(text)) {
    yield { field: "body", message: `Redmine kept another description than the one that was sent: ${mayNot}.` };
  }
  if (sent.status_id !== undefined && snapshot.state.id !== String(sent.status_id)) {
    yield { field: "state", message: `Redmine left the issue "${snapshot.state.name}": ${mayNot}.` };
  }
}

/** Line ends and space at the end may differ. */
function normalised(text: string): string {
  return text.replaceAll("\r\n", "\n").trimEnd();
}
