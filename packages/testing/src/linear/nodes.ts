import { type ConnectionArguments, connect } from "./connection.ts";
import { fits } from "./filters.ts";
import type {
  AttachmentRecord,
  CommentRecord,
  IssueRecord,
  LabelRecord,
  StateRecord,
  TeamRecord,
  UserRecord,
} from "./model.ts";
import type { World } from "./world.ts";

const priorityLabels = ["No priority", "Urgent", "High", "Medium", "Low"];

/** What a request sees: the world now, or as it was. */
export interface View {
  readonly world: World;
  readonly asOf?: number | undefined;
}

export const iso = (time: number): string => new Date(time).toISOString();

export function userNode(user: UserRecord): object {
  return { ...user, active: true, isAssignable: true };
}

export function teamNode(view: View, team: TeamRecord): object {
  const { world } = view;
  const { id, key, name, states, estimation, hasCycles } = team;
  return {
    id,
    key,
    name,
    defaultIssueState: states.find(({ type }) => type === "backlog") ?? null,
    issueEstimationType: estimation,
    cyclesEnabled: hasCycles,
    states: (page: ConnectionArguments) => connect(states, page, (state) => state),
    cycles: (page: ConnectionArguments & { readonly filter?: unknown }) => {
      const own = [...world.cycles.values()].filter(({ teamId }) => teamId === id);
      return connect(
        own.filter(({ isPast }) => fits({ isPast }, page.filter)),
        page,
        (cycle) => cycle,
      );
    },
    projects: (page: ConnectionArguments) => {
      const own = [...world.projects.values()].filter(({ teamIds }) => teamIds.includes(id));
      return connect(own, page, (project) => project);
    },
  };
}

export function labelNode(view: View, { id, name, color, teamId, isGroup, groupId }: LabelRecord): object {
  const parent = groupId === null ? undefined : view.world.labels.get(groupId);
  const team = teamId === null ? undefined : view.world.teams.get(teamId);
  return { id, name, color, isGroup, parent: parent ?? null, team: team === undefined ? null : teamNode(view, team) };
}

export function urlOf(world: World, issue: IssueRecord): string {
  const slug = issue.title.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
  return `https://linear.app/${world.workspace}/issue/${world.identifierOf(issue)}/${slug}`;
}

export function stateOf(world: World, issue: IssueRecord): StateRecord {
  const state = world.teamOf(issue).states.find(({ id }) => id === issue.stateId);
  if (state === undefined) throw new RangeError(`${issue.id} has a state of another team`);
  return state;
}

export function labelsOf(world: World, issue: IssueRecord): LabelRecord[] {
  return issue.labelIds.flatMap((id) => world.labels.get(id) ?? []);
}

function personOf(world: World, id: string | null): object | null {
  const user = id === null ? undefined : world.users.get(id);
  return user === undefined ? null : userNode(user);
}

export function issueNode(view: View, issue: IssueRecord): object {
  const { world, asOf } = view;
  const { id, number, title, description, priority, trashed, previousIdentifiers } = issue;
  return {
    id,
    number,
    identifier: world.identifierOf(issue),
    title,
    description,
    priority,
    priorityLabel: priorityLabels[priority],
    url: urlOf(world, issue),
    createdAt: iso(issue.createdAt),
    updatedAt: iso(issue.updatedAt),
    archivedAt: trashed || issue.isArchived ? iso(issue.updatedAt) : null,
    trashed: trashed || null,
    previousIdentifiers,
    state: stateOf(world, issue),
    team: teamNode(view, world.teamOf(issue)),
    project: issue.projectId === null ? null : world.projects.get(issue.projectId),
    cycle: issue.cycleId === null ? null : world.cycles.get(issue.cycleId),
    parent: () => {
      const parent = issue.parentId === null ? undefined : world.issues.get(issue.parentId, asOf);
      return parent === undefined ? null : issueNode(view, parent);
    },
    dueDate: issue.dueDate,
    estimate: issue.estimate,
    assignee: personOf(world, issue.assigneeId),
    creator: personOf(world, issue.creatorId),
    labels: (page: ConnectionArguments) => connect(labelsOf(world, issue), page, (label) => labelNode(view, label)),
    comments: (page: ConnectionArguments) =>
      // Newest first, as Linear's lists are.
      connect(world.commentsOf(id, asOf).toReversed(), page, (comment) => commentNode(view, comment)),
    attachments: (page: ConnectionArguments) =>
      connect(world.attachmentsOf(id).toReversed(), page, (attachment) => attachmentNode(view, attachment)),
  };
}

export function attachmentNode({ world }: View, { id, title, url, creatorId, createdAt }: AttachmentRecord): object {
  return { id, title, url, createdAt: iso(createdAt), creator: personOf(world, creatorId) };
}

export function commentNode(view: View, comment: CommentRecord): object {
  const { world, asOf } = view;
  const issue = world.issues.get(comment.issueId, asOf);
  return {
    id: comment.id,
    body: comment.body,
    createdAt: iso(comment.createdAt),
    updatedAt: iso(comment.updatedAt),
    url: issue === undefined ? "" : `${urlOf(world, issue)}#comment-${comment.id.slice(0, 8)}`,
    user: comment.asUser === null ? personOf(world, comment.userId) : null,
    botActor: comment.asUser === null ? null : { id: comment.userId, name: "Backref", userDisplayName: comment.asUser },
    issue: () => (issue === undefined ? null : issueNode(view, issue)),
  };
}
