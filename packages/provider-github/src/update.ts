import type {
  FieldWarning,
  IssuePatch,
  IssueSnapshot,
  StateTarget,
  UpdateGroup,
  UpdateIssueRequest,
} from "@backref/core/provider";
import type { Operation } from "@backref/provider-kit";
import { loginsOf } from "./assignees.ts";
import type { GitHubCall, GitHubClient, OpenClient } from "./client.ts";
import { errors } from "./errors.ts";
import { type IssueFields, type PlannedPriority, planPriority } from "./issue-fields.ts";
import { splitContainer } from "./keys.ts";
import { mapRestIssue } from "./map-issue.ts";
import type { GitHubAuth, GitHubOptions } from "./types.ts";
import { writePriority } from "./update-priority.ts";
import { type WrittenSets, writeSets } from "./update-sets.ts";
import { droppedAssignees, droppedLabels, keptLabels, missingAccounts } from "./warnings.ts";

const write: Operation = { name: "issue.update", isWrite: true };
const readBack: Operation = { name: "issue.update", isWrite: false };

type Path = Readonly<Record<string, string>>;

export function createUpdateGroup(open: OpenClient, issueFields: IssueFields): UpdateGroup<GitHubAuth, GitHubOptions> {
  return {
    async update(call: GitHubCall, { issue: address, patch }: UpdateIssueRequest) {
      const { client, hasWritten } = countingWrites(open(call));
      const { priorityField = null } = call.options;
      const path = { ...splitContainer(address.container), number: address.item };
      try {
        const added = await loginsOf(client, patch.assigneeIds?.add ?? []);
        const removed = await loginsOf(client, patch.assigneeIds?.remove ?? []);
        const sets = await writeSets(client, path, patch.labels, { add: added.logins, remove: removed.logins });
        const priority =
          priorityField === null || patch.priority === undefined
            ? null
            : planPriority(await issueFields.of(call, client, address.container), priorityField, patch.priority);
        const refused = priority === null ? [] : await writePriority(client, path, priority);
        const fields = patchFields(patch);
        const issue =
          Object.keys(fields).length > 0
            ? await patchIssue(client, path, fields, priorityField)
            : withWritten(await readIssue(client, path, priorityField), patch.labels, {
                labels: sets.labels,
                assignees: sets.assignees,
                priority: refused.length > 0 ? null : priority,
              });
        const refusals = [...missingAccounts(added.missing), ...sets.warnings, ...refused];
        return { issue, warnings: [...warningsOf(issue, patch, added.logins, refusals)] };
      } catch (error) {
        throw hasWritten() ? errors.afterOtherWrites(write, error) : error;
      }
    },
  };
}

/** A client that remembers whether it has written anything. */
function countingWrites(client: GitHubClient): { readonly client: GitHubClient; hasWritten(): boolean } {
  let writes = 0;
  const request: GitHubClient["request"] = async (operation, route, parameters) => {
    const answer = await client.request(operation, route, parameters);
    if (operation.isWrite) writes += 1;
    return answer;
  };
  return { client: { ...client, request }, hasWritten: () => writes > 0 };
}

async function patchIssue(
  client: GitHubClient,
  path: Path,
  fields: Readonly<Record<string, string>>,
  priorityField: string | null,
): Promise<IssueSnapshot> {
  const answer = await client.request(write, "PATCH /repos/{owner}/{repo}/issues/{number}", { ...path, ...fields });
  return answer.as((data) => mapRestIssue(data, { priorityField }));
}

async function readIssue(client: GitHubClient, path: Path, priorityField: string | null): Promise<IssueSnapshot> {
  const answer = await client.request(readBack, "GET /repos/{owner}/{repo}/issues/{number}", path);
  return answer.as((data) => mapRestIssue(data, { priorityField }));
}

/** A read may be older than the write before it, and that would look like a refusal: then the write's answer counts. */
function withWritten(
  read: IssueSnapshot,
  wanted: IssuePatch["labels"],
  {
    labels: written,
    assignees,
    priority,
  }: Pick<WrittenSets, "labels" | "assignees"> & { readonly priority: PlannedPriority | null },
): IssueSnapshot {
  const prioritised = priority === null || "problem" in priority ? read : { ...read, priority: priority.value };
  const issue = assignees === null ? prioritised : { ...prioritised, assignees };
  if (wanted === undefined || written === null) return issue;
  const present = new Set(issue.labels.map((label) => label.toLowerCase()));
  const isAfter =
    wanted.add.every((label) => present.has(label.toLowerCase())) &&
    !wanted.remove.some((label) => present.has(label.toLowerCase()));
  return isAfter ? issue : { ...issue, labels: written.toSorted() };
}

/** Labels and assignees are missing on purpose: here they would replace the whole set. */
function patchFields(patch: IssuePatch): Readonly<Record<string, string>> {
  return {
    ...(patch.title !== undefined && { title: patch.title }),
    ...(patch.body !== undefined && { body: patch.body }),
    ...(patch.state !== undefined && stateFields(patch.state)),
  };
}

const closedReasons = new Set(["completed", "not_planned", "duplicate"]);

/** GitHub ignores a reason unless the state changes with it, and finds the reason for opening by itself. */
function stateFields(target: StateTarget): { readonly state: string; readonly state_reason?: string } {
  if (target.category !== "closed") return { state: "open" };
  return { state: "closed", state_reason: closedReasonOf(target) };
}

function closedReasonOf(target: StateTarget): string {
  const reason = target.reason?.toLowerCase().replaceAll(/[\s-]+/g, "_") ?? "";
  return closedReasons.has(reason) ? reason : "completed";
}

function* warningsOf(
  issue: IssueSnapshot,
  patch: IssuePatch,
  addedLogins: readonly string[],
  refusals: readonly FieldWarning[],
): Generator<FieldWarning, void> {
  yield* refusals;
  const isRefused = (field: FieldWarning["field"]) => refusals.some((refusal) => refusal.field === field);
  if (!isRefused("labels")) {
    const dropped = droppedLabels(issue, patch.labels?.add ?? []);
    yield* dropped;
    if (dropped.length === 0) yield* keptLabels(issue, patch.labels?.remove ?? []);
  }
  if (!isRefused("assignees")) yield* droppedAssignees(issue, addedLogins);
  if (patch.title !== undefined && patch.title.trim() !== issue.title) {
    yield { field: "title", message: `GitHub kept the title "${issue.title}".` };
  }
  if (patch.body !== undefined && normalised(patch.body) !== normalised(issue.body)) {
    yield { field: "body", message: "GitHub kept another body than the one that was sent." };
  }
  if (patch.state !== undefined) yield* stateWarnings(issue, patch.state);
}

function* stateWarnings(issue: IssueSnapshot, target: StateTarget): Generator<FieldWarning, void> {
  const wanted = target.category === "closed" ? "closed" : "open";
  if (issue.state.id !== wanted) {
    yield {
      field: "state",
      message: `GitHub left the issue ${issue.state.id}: the token's account may not change its state.`,
    };
  } else if (wanted === "closed" && target.reason !== undefined && issue.state.reason !== closedReasonOf(target)) {
    yield { field: "state", message: `The issue was closed before; GitHub keeps the reason "${issue.state.reason}".` };
  }
}

/** GitHub may change line ends and cuts space at the end. */
function normalised(text: string): string {
  return text.replaceAll("\r\n", "\n").trimEnd();
}
