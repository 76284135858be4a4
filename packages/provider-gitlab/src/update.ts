import type {
  FieldWarning,
  IssueAddress,
  IssuePatch,
  IssueSnapshot,
  UpdateGroup,
  UpdateIssueRequest,
} from "@backref/core/provider";
import { hasStatus, type Operation, recentLook } from "@backref/provider-kit";
import type { GitLabCall, GitLabClient, OpenClient } from "./client.ts";
import { droppedAssignees, droppedLabels, keptLabels, splitLabels } from "./create-fields.ts";
import { errors } from "./errors.ts";
import { issueAddress } from "./keys.ts";
import { mapIssue } from "./map-issue.ts";
import type { GitLabAuth, GitLabOptions } from "./types.ts";

const write: Operation = { name: "issue.update", isWrite: true };
const setFields: ReadonlySet<string> = new Set(["add_labels", "remove_labels", "assignee_ids"]);
const reading: Operation = { name: "issue.update", isWrite: false };

/**
 * One request, which GitLab answers with the whole issue. It takes assignees as a whole set: where that depends on who is
 * there, it goes out last, by the answer to the rest, so that the rest waits for no look.
 */
export function createUpdateGroup(open: OpenClient): UpdateGroup<GitLabAuth, GitLabOptions> {
  return {
    async update(call: GitLabCall, { issue: address, patch }: UpdateIssueRequest) {
      const client = open(call);
      const added = splitLabels(patch.labels?.add ?? []);
      const fields = fieldsOf(patch, added.good, call);
      let issue = Object.keys(fields).length === 0 ? null : await send(client, address, fields);
      if (dependsOnOthers(patch, call)) {
        try {
          const before = issue ?? (await recentLook(call.clock, () => readIssue(client, address)));
          const ids = assigneesAfter(before, patch);
          issue = ids === null ? before : await send(client, address, { assignee_ids: ids });
        } catch (error) {
          throw issue === null ? error : errors.afterOtherWrites(write, error);
        }
      }
      issue ??= await readIssue(client, address);
      return { issue, warnings: [...added.warnings, ...warningsOf(issue, patch, added.good)] };
    },
  };
}

/** Where the account may not set the sets, which are all that is sent, the issue stays as it is, and warnings say so. */
async function send(client: GitLabClient, address: IssueAddress, fields: object): Promise<IssueSnapshot> {
  try {
    const answer = await client.request(write, "PUT", issueAddress(address), { body: fields });
    const { snapshot, movedToId } = answer.as(mapIssue);
    if (movedToId === null) return snapshot;
  } catch (error) {
    const isSets = Object.keys(fields).every((name) => setFields.has(name));
    if (isSets && hasStatus(error, 403) && error.failure === "forbidden") return readIssue(client, address);
    throw error;
  }
  throw errors.build(write, { failure: "gone", message: "The issue was moved meanwhile; it is read first." });
}

async function readIssue(client: GitLabClient, address: IssueAddress): Promise<IssueSnapshot> {
  const answer = await client.request(reading, "GET", issueAddress(address));
  return answer.as(mapIssue).snapshot;
}

/** Where an issue has one assignee, whoever is added takes the place of whoever is there. */
function dependsOnOthers({ assigneeIds }: IssuePatch, { options }: GitLabCall): boolean {
  return assigneeIds !== undefined && (options.severalAssignees || assigneeIds.add.length === 0);
}

/** Ids of all who shall be assigned; null where nothing changes about them. 0 stands for nobody. */
function assigneesAfter({ assignees }: IssueSnapshot, { assigneeIds }: IssuePatch): readonly number[] | null {
  const { add, remove } = assigneeIds ?? { add: [], remove: [] };
  const present = assignees.map(({ id }) => id);
  const after = [...new Set([...present, ...add])].filter((id) => !remove.includes(id));
  if (after.length === present.length && after.every((id) => present.includes(id))) return null;
  return after.length === 0 ? [0] : after.map(Number);
}

function fieldsOf(patch: IssuePatch, addedLabels: readonly string[], call: GitLabCall) {
  const { title, body, state, labels, assigneeIds } = patch;
  const [assignee] = dependsOnOthers(patch, call) ? [] : (assigneeIds?.add ?? []);
  const removed = labels?.remove.filter((label) => !label.includes(",")) ?? [];
  return {
    ...(title !== undefined && { title: title.replace(/\s+/g, " ").trim() }),
    ...(body !== undefined && { description: body }),
    ...(state !== undefined && { state_event: state.category === "closed" ? "close" : "reopen" }),
    ...(addedLabels.length > 0 && { add_labels: addedLabels }),
    ...(removed.length > 0 && { remove_labels: removed }),
    ...(assignee !== undefined && { assignee_ids: [Number(assignee)] }),
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
