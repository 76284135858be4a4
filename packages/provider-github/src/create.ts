import type {
  CreateGroup,
  CreateIssueRequest,
  FieldWarning,
  FindCreatedRequest,
  IssueSnapshot,
  JsonObject,
} from "@backref/core/provider";
import { followPages } from "@backref/provider-kit";
import { loginsOf } from "./assignees.ts";
import type { GitHubCall, OpenClient } from "./client.ts";
import { type Operation, refused, repositoryUnknown } from "./errors.ts";
import { splitContainer } from "./keys.ts";
import { isPullRequest, mapRestIssue } from "./map-issue.ts";
import { parseList, repositoryUrl, toSeconds } from "./rest-values.ts";
import type { GitHubAuth, GitHubOptions } from "./types.ts";
import { droppedAssignees, droppedLabels } from "./warnings.ts";

export function createCreateGroup(open: OpenClient): CreateGroup<GitHubAuth, GitHubOptions> {
  return {
    async create(call: GitHubCall, request) {
      const client = open(call);
      const operation = createOperation(request.container);
      const fields = readFields(operation, request);
      const logins = [...fields.assignees, ...(await loginsOf(client, request.assigneeIds))];
      const answer = await client.request(operation, "POST /repos/{owner}/{repo}/issues", {
        ...splitContainer(request.container),
        title: request.title,
        body: request.body,
        ...(request.labels.length > 0 && { labels: request.labels }),
        ...(logins.length > 0 && { assignees: logins }),
        ...(fields.milestone !== null && { milestone: fields.milestone }),
        ...(fields.type !== null && { type: fields.type }),
      });
      const issue = answer.as((data) => mapRestIssue(data));
      const warnings = [
        ...droppedLabels(issue, request.labels),
        ...droppedAssignees(issue, logins),
        ...droppedType(issue, fields.type),
      ];
      return { issue, warnings };
    },

    async findCreated(call: GitHubCall, request) {
      const client = open(call);
      const found: IssueSnapshot[] = [];
      const first = firstPage(call.baseUrl, request);
      const load = async (url: string) => {
        const answer = await client.request(findOperation, `GET ${url}`);
        const read = (data: unknown) =>
          parseList(data)
            .filter((row) => !isPullRequest(row))
            .map((row) => mapRestIssue(row));
        return { next: answer.next, issues: answer.as(read) };
      };
      for await (const { issues } of followPages(first, load)) {
        found.push(...issues.filter((issue) => isCandidate(issue, request)));
        if (issues.some((issue) => issue.createdAt < Math.floor(request.createdAfter / 1000) * 1000)) break;
      }
      return found.sort((a, b) => a.createdAt - b.createdAt || Number(a.item) - Number(b.item));
    },
  };
}

const findOperation: Operation = { name: "issue.find-created", isWrite: false };

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

interface CreateFields {
  readonly assignees: readonly string[];
  readonly milestone: number | null;
  readonly type: string | null;
}

/** Defaults a target may give: `assignees` (logins), `milestone` (number) and `type` (name). */
function readFields(operation: Operation, request: CreateIssueRequest): CreateFields {
  const { assignees = [], milestone = null, type = null }: JsonObject = request.fields;
  const isLogins = Array.isArray(assignees) && assignees.every((login) => typeof login === "string");
  if (!isLogins) throw refused(operation, "The field assignees must be a list of logins.");
  if (milestone !== null && typeof milestone !== "number") {
    throw refused(operation, "The field milestone must be the milestone's number.");
  }
  if (type !== null && typeof type !== "string")
    throw refused(operation, "The field type must be an issue type's name.");
  return { assignees, milestone, type: request.type ?? type };
}

function droppedType(issue: IssueSnapshot, type: string | null): readonly FieldWarning[] {
  if (type === null || issue.type?.toLowerCase() === type.toLowerCase()) return [];
  const message = `GitHub did not set the type "${type}": types need push access and exist in organizations only.`;
  return [{ field: "type", message }];
}

/** Filtering by creator would need the account's login, one more request; the list is short either way. */
function firstPage(baseUrl: string, request: FindCreatedRequest): string {
  const since = toSeconds(request.createdAfter);
  return `${repositoryUrl(baseUrl, request.container)}/issues?state=all&sort=created&direction=desc&per_page=100&since=${since}`;
}

function isCandidate(issue: IssueSnapshot, request: FindCreatedRequest): boolean {
  const isOwn = request.accountId === null || issue.author?.id === request.accountId;
  // Times have whole seconds only: one created within the first second may look older than it is.
  return (
    isOwn && issue.createdAt >= Math.floor(request.createdAfter / 1000) * 1000 && issue.body.includes(request.token)
  );
}
