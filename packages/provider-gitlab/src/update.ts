import type {
  FieldWarning,
  IssueAddress,
  IssuePatch,
  IssueSnapshot,
  UpdateGroup,
  UpdateIssueRequest,
} from "@backref/core/provider";
import type { GitLabAnswer, GitLabCall, GitLabClient, OpenClient } from "./client.ts";
import { droppedAssignees, droppedLabels, keptLabels, splitLabels } from "./create-fields.ts";
import { build, hasStatus, type Operation } from "./errors.ts";
import { issueAddress } from "./keys.ts";
import { mapIssue } from "./map-issue.ts";
import type { GitLabAuth, GitLabOptions } from "./types.ts";

const write: Operation = { name: "issue.update", isWrite: true };
const setFields: ReadonlySet<string> = new Set(["add_labels", "remove_labels", "assignee_ids"]);
const reading: Operation = { name: "issue.update", isWrite: false };

/** One request, which GitLab answers with the whole issue. It takes assignees as a whole set, so who is there is read first. */
export function createUpdateGroup(open: OpenClient): UpdateGroup<GitLabAuth, GitLabOptions> {
  return {
    async update(call: GitLabCall, { issue: address, patch }: UpdateIssueRequest) {
      const client = open(call);
      const added = splitLabels(patch.labels?.add ?? []);
      const assignees = await assigneesAfter(call, client, address, patch);
      const fields = fieldsOf(patch, added.good, assignees);
      if (Object.keys(fields).length === 0) {
        return { issue: await readIssue(client, address), warnings: added.warnings };
      }
      const answer = await send(client, address, fields);
      if (answer === null) {
        const issue = await readIssue(client, address);
        return { issue, warnings: [...added.warnings, ...warningsOf(issue, patch, added.good)] };
      }
      const { snapshot, movedToId } = answer.as(mapIssue);
      if (movedToId !== null) {
        throw build(write, { failure: "gone", message: "The issue was moved meanwhile; it is read first." });
      }
      return { issue: snapshot, warnings: [...added.warnings, ...warningsOf(snapshot, patch, added.good)] };
    },
  };
}

/** Null where the account may not set the sets, which are all that is sent: then warnings say so. */
async function send(client: GitLabClient, address: IssueAddress, fields: object): Promise<GitLabAnswer | null> {
  try {
    return await client.request(write, "PUT", issueAddress(address), { body: fields });
  } catch (error) {
    const isSets = Object.keys(fields).every((name) => setFields.has(name));
    if (isSets && hasStatus(error, 403) && error.failure === "forbidden") return null;
    throw error;
  }
}

async function readIssue(client: GitLabClient, address: IssueAddress): Promise<IssueSnapshot> {
  const answer = await client.request(reading, "GET", issueAddress(address));
  return answer.as(mapIssue).snapshot;
}

/** Ids of all who shall be assigned; null where nothing changes about them. */
async function assigneesAfter(
  { options }: GitLabCall,
  client: GitLabClient,
  address: IssueAddress,
  { assigneeIds }: IssuePatch,
): Promise<readonly string[] | null> {
  if (assigneeIds === undefined) return null;
  const { add, remove } = assigneeIds;
  const [first] = add;
  if (!options.severalAssignees && first !== undefined) return [first];
  const present = (await readIssue(client, address)).assignees.map(({ id }) => id);
  const after = [...new Set([...present, ...add])].filter((id) => !remove.includes(id));
  const isSame = after.length === present.length && after.every((id) => present.includes(id));
  return isSame ? null : after;
}

function fieldsOf(
  { title, body, state, labels }: IssuePatch,
  addedLabels: readonly string[],
  assignees: readonly string[] | null,
) {
  const removed = labels?.remove.filter((label) => !label.includes(",")) ?? [];
  return {
    ...(title !== undefined && { title: title.replace(/\s+/g, " ").trim() }),
    ...(body !== undefined && { description: body }),
    ...(state !== undefined && { state_event: state.category === "closed" ? "close" : "reopen" }),
    ...(addedLabels.length > 0 && { add_labels: addedLabels }),
    ...(removed.length > 0 && { remove_labels: removed }),
    // 0 stands for nobody.
    ...(assignees !== null && { assignee_ids: assignees.length === 0 ? [0] : assignees.map(Number) }),
  };
}

function* warningsOf(
  issue: IssueSnapshot,
  patch: IssuePatch,
  addedLabels: readonly string[],
): Generator<FieldWarning, void> {
  const dropped = droppedLabels(issue, addedLabels);
  yield* dropped;
  if (dropped.length === 0) yield* keptLabels(issue, patch.labels?.remove ?? []);
  yield* droppedAssignees(issue, patch.assigneeIds?.add ?? []);
  if (patch.title !== undefined && patch.title.replace(/\s+/g, " ").trim() !== issue.title) {
    yield { field: "title", message: `GitLab kept the title "${issue.title}".` };
  }
  if (patch.body !== undefined && normalised(patch.body) !== normalised(issue.body)) {
    yield { field: "body", message: "GitLab kept another description than the one that was sent." };
  }
  const wanted = patch.state?.category === "closed" ? "closed" : "opened";
  if (patch.state !== undefined && issue.state.id !== wanted) {
    yield {
      field: "state",
      message: `GitLab left the issue ${issue.state.id}: the token's account may not change it.`,
    };
  }
}

/** GitLab takes out carriage returns, and cuts space at the end. */
function normalised(text: string): string {
  return text.replaceAll("\r", "").trimEnd();
}
