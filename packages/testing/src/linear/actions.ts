import { conflict, invalid, notExclusive, notFound } from "./failure.ts";
import type { CommentRecord, IssueRecord, LabelRecord, TeamRecord, UserRecord } from "./model.ts";
import { rewriteMarkdown } from "./rewrite-markdown.ts";
import type { World } from "./world.ts";

/** Something that hooks are told of. */
export interface TrackerEvent {
  readonly type: "Issue" | "Comment";
  readonly action: "create" | "update" | "remove";
  readonly issue: IssueRecord;
  readonly comment?: CommentRecord;
  readonly updatedFrom?: Readonly<Record<string, unknown>>;
}

/** Who acts, and who hears of it. */
export interface Scene {
  readonly world: World;
  readonly actor: UserRecord;
  readonly emit: (event: TrackerEvent) => void;
}

export interface IssueInput {
  readonly id?: string | null;
  readonly teamId?: string | null;
  readonly title?: string | null;
  readonly description?: string | null;
  readonly priority?: number | null;
  readonly stateId?: string | null;
  readonly labelIds?: readonly string[] | null;
  readonly addedLabelIds?: readonly string[] | null;
  readonly removedLabelIds?: readonly string[] | null;
  readonly assigneeId?: string | null;
  readonly projectId?: string | null;
  readonly cycleId?: string | null;
  /** An id or an identifier. */
  readonly parentId?: string | null;
  readonly dueDate?: string | null;
  readonly estimate?: number | null;
  readonly trashed?: boolean | null;
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;

export function idFor(
  world: World,
  id: string | null | undefined,
  entity: string,
  isTaken: (id: string) => boolean,
): string {
  if (id == null) return world.newId();
  if (!uuid.test(id)) throw invalid("id must be a UUID of version 4");
  if (isTaken(id)) throw conflict(entity, id);
  return id;
}

export function createIssue({ world, actor, emit }: Scene, input: IssueInput): IssueRecord {
  const team = world.findTeam(input.teamId ?? "");
  if (team === undefined) throw notFound("Team");
  if (!input.title?.trim()) throw invalid("title must not be empty");
  requireUser(world, input.assigneeId);
  if (input.stateId != null && team.states.every(({ id }) => id !== input.stateId)) throw notFound("WorkflowState");
  const now = world.now();
  const state =
    team.states.find(({ id }) => id === input.stateId) ?? team.states.find(({ type }) => type === "backlog");
  const issue: IssueRecord = {
    id: idFor(world, input.id, "Issue", (id) => world.issues.get(id) !== undefined),
    teamId: team.id,
    number: world.nextNumber(team.id),
    title: input.title,
    description: input.description == null ? null : rewriteMarkdown(input.description),
    priority: input.priority ?? 0,
    stateId: state?.id ?? "",
    labelIds: knownLabels(world, input.labelIds ?? []),
    assigneeId: input.assigneeId ?? null,
    ...placeOf(world, team, input),
    creatorId: actor.id,
    createdAt: now,
    updatedAt: now,
    trashed: false,
    isArchived: false,
    previousIdentifiers: [],
  };
  world.issues.set(issue, now);
  emit({ type: "Issue", action: "create", issue });
  return issue;
}

export function updateIssue({ world, emit }: Scene, issue: IssueRecord, input: IssueInput): IssueRecord {
  if (input.title != null && input.title.trim() === "") throw invalid("title must not be empty");
  const team = input.teamId == null ? world.teamOf(issue) : world.findTeam(input.teamId);
  if (team === undefined) throw notFound("Team");
  const isMoved = team.id !== issue.teamId;
  if (input.stateId != null && team.states.every(({ id }) => id !== input.stateId)) throw notFound("WorkflowState");
  requireUser(world, input.assigneeId);
  const removed = new Set(input.removedLabelIds ?? []);
  const labelIds = [...(input.labelIds ?? issue.labelIds), ...(input.addedLabelIds ?? [])].filter(
    (id) => !removed.has(id),
  );
  const former = stateTypeOf(world, issue);
  const changed = world.changeIssue(issue, {
    ...(input.title != null && { title: input.title }),
    ...(input.description !== undefined && {
      description: input.description === null ? null : rewriteMarkdown(input.description),
    }),
    ...(input.priority != null && { priority: input.priority }),
    ...(input.stateId != null && { stateId: input.stateId }),
    ...(input.assigneeId !== undefined && { assigneeId: input.assigneeId }),
    ...(input.trashed !== undefined && { trashed: input.trashed === true }),
    labelIds: knownLabels(world, labelIds),
    ...(isMoved && {
      teamId: team.id,
      number: world.nextNumber(team.id),
      stateId: team.states.find(({ type }) => type === former)?.id ?? "",
      previousIdentifiers: [...issue.previousIdentifiers, world.identifierOf(issue)],
    }),
  });
  if (changed === issue) return issue;
  const updatedFrom = {
    updatedAt: new Date(issue.updatedAt).toISOString(),
    ...(changed.title !== issue.title && { title: issue.title }),
    ...(changed.stateId !== issue.stateId && { stateId: issue.stateId }),
    ...(isMoved && { teamId: issue.teamId }),
  };
  const action = changed.trashed && !issue.trashed ? "remove" : "update";
  emit({ type: "Issue", action, issue: changed, updatedFrom });
  return changed;
}

/** Projects and cycles are those of the team; other ones are not there for it. */
function placeOf(
  world: World,
  team: TeamRecord,
  { projectId = null, cycleId = null, parentId = null, dueDate = null, estimate = null }: IssueInput,
): Pick<IssueRecord, "projectId" | "cycleId" | "parentId" | "dueDate" | "estimate"> {
  const project = projectId === null ? undefined : world.projects.get(projectId);
  if (projectId !== null && project?.teamIds.includes(team.id) !== true) throw notFound("Project");
  const cycle = cycleId === null ? undefined : world.cycles.get(cycleId);
  if (cycleId !== null && cycle?.teamId !== team.id) throw notFound("Cycle");
  const parent = parentId === null ? undefined : world.findIssue(parentId);
  if (parentId !== null && parent === undefined) throw notFound("Issue");
  if (dueDate !== null && !/^\d{4}-\d{2}-\d{2}$/.test(dueDate)) throw invalid("dueDate must be a date");
  if (estimate !== null && team.estimation === "notUsed") throw invalid("estimates are not used in this team");
  return { projectId, cycleId, parentId: parent?.id ?? null, dueDate, estimate };
}

function requireUser(world: World, id: string | null | undefined): void {
  if (id != null && !world.users.has(id)) throw notFound("User");
}

/** Tells hooks as of something removed, with the time of the archiving and without a word of the trash. */
export function archiveIssue({ world, emit }: Scene, issue: IssueRecord): void {
  const changed = world.changeIssue(issue, { isArchived: true });
  emit({ type: "Issue", action: "remove", issue: changed });
}

function stateTypeOf(world: World, issue: IssueRecord): string | undefined {
  return world.teamOf(issue).states.find(({ id }) => id === issue.stateId)?.type;
}

/** Each once; one that is not there is refused, and so is a second one of a group. */
function knownLabels(world: World, ids: readonly string[]): string[] {
  const groups = new Map<string, string>();
  const known = [...new Set(ids)];
  for (const id of known) {
    const label = world.labels.get(id);
    if (label === undefined) throw notFound("IssueLabel");
    if (label.groupId === null) continue;
    const other = groups.get(label.groupId);
    if (other !== undefined) throw notExclusive(label.name, other);
    groups.set(label.groupId, label.name);
  }
  return known;
}

export function createLabel(
  world: World,
  input: {
    readonly id?: string | null;
    readonly name: string;
    readonly color?: string | null;
    readonly teamId?: string | null;
    readonly isGroup?: boolean;
    readonly groupId?: string | null;
  },
): LabelRecord {
  const team = input.teamId == null ? undefined : world.findTeam(input.teamId);
  if (input.teamId != null && team === undefined) throw notFound("Team");
  if (world.findLabel(team?.id ?? "", input.name) !== undefined) {
    throw invalid(`A label with the name "${input.name}" already exists.`);
  }
  const id = idFor(world, input.id, "IssueLabel", (known) => world.labels.has(known));
  const { name, color, isGroup = false, groupId = null } = input;
  const label = { id, name, color: color ?? "#bec2c8", teamId: team?.id ?? null, isGroup, groupId };
  world.labels.set(id, label);
  return label;
}

export function createComment(
  { world, actor, emit }: Scene,
  input: {
    readonly id?: string | null;
    readonly issueId?: string | null;
    readonly body?: string | null;
    readonly createAsUser?: string | null;
    readonly parentId?: string | null;
  },
): CommentRecord {
  const issue = world.findIssue(input.issueId ?? "");
  if (issue === undefined || issue.trashed) throw notFound("Issue");
  if (input.parentId != null && world.comments.get(input.parentId)?.issueId !== issue.id) throw notFound("Comment");
  if (!input.body?.trim()) throw invalid("body must not be empty");
  const now = world.now();
  const comment: CommentRecord = {
    id: idFor(world, input.id, "Comment", (id) => world.comments.get(id) !== undefined),
    issueId: issue.id,
    userId: actor.id,
    parentId: input.parentId ?? null,
    asUser: input.createAsUser ?? null,
    body: rewriteMarkdown(input.body),
    createdAt: now,
    updatedAt: now,
  };
  world.comments.set(comment, now);
  emit({ type: "Comment", action: "create", issue, comment });
  return comment;
}

export function updateComment({ world, emit }: Scene, comment: CommentRecord, body: string): CommentRecord {
  const written = rewriteMarkdown(body);
  if (written === comment.body) return comment;
  const changed = { ...comment, body: written, updatedAt: Math.max(world.now(), comment.updatedAt + 1) };
  world.comments.set(changed, world.now());
  const issue = world.issues.get(comment.issueId);
  if (issue !== undefined) emit({ type: "Comment", action: "update", issue, comment: changed });
  return changed;
}

export function deleteComment({ world, emit }: Scene, comment: CommentRecord): void {
  world.comments.remove(comment.id, world.now());
  const issue = world.issues.get(comment.issueId);
  if (issue !== undefined) emit({ type: "Comment", action: "remove", issue, comment });
}
