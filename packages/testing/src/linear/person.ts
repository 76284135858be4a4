import {
  archiveIssue,
  createComment,
  createIssue,
  createLabel,
  deleteComment,
  type Scene,
  updateComment,
  updateIssue,
} from "./actions.ts";
import type { IssueRecord, LabelRecord } from "./model.ts";

export interface IssueDraft {
  readonly title: string;
  readonly description?: string | null;
  /** Names; made where there are none. @default [] */
  readonly labels?: readonly string[];
}

/** Somebody acting in Linear's pages. Issues are named by id or identifier. */
export interface LinearPerson {
  /** Answers with its identifier. */
  createIssue(team: string, draft: IssueDraft): string;
  editIssue(
    issue: string,
    edit: {
      readonly title?: string;
      readonly description?: string;
      readonly priority?: number;
      readonly assignee?: string | null;
    },
  ): void;
  /** To the first state of a kind, such as `completed`. */
  setState(issue: string, type: string): void;
  addLabel(issue: string, label: string): void;
  removeLabel(issue: string, label: string): void;
  moveIssue(issue: string, team: string): void;
  archiveIssue(issue: string): void;
  /** Into the trash. */
  deleteIssue(issue: string): void;
  /**
   * Answers with the comment's id.
   * @param parentId the comment that it answers
   */
  comment(issue: string, body: string, parentId?: string): string;
  editComment(commentId: string, body: string): void;
  deleteComment(commentId: string): void;
}

export function createPerson(scene: Scene): LinearPerson {
  const { world } = scene;
  const issueOf = (named: string): IssueRecord => {
    const issue = world.findIssue(named);
    if (issue === undefined) throw new RangeError(`There is no issue ${named}`);
    return issue;
  };
  const commentOf = (id: string) => {
    const comment = world.comments.get(id);
    if (comment === undefined) throw new RangeError(`There is no comment ${id}`);
    return comment;
  };
  const ensureLabel = (teamId: string, name: string): LabelRecord =>
    world.findLabel(teamId, name) ?? createLabel(world, { name, teamId });
  return {
    createIssue(named, { title, description, labels = [] }) {
      const team = world.findTeam(named);
      if (team === undefined) throw new RangeError(`There is no team ${named}`);
      const labelIds = labels.map((name) => ensureLabel(team.id, name).id);
      return world.identifierOf(
        createIssue(scene, { teamId: team.id, title, description: description ?? null, labelIds }),
      );
    },
    editIssue(named, { assignee, ...edit }) {
      const assigneeId = assignee == null ? assignee : world.ensureUser(assignee).id;
      updateIssue(scene, issueOf(named), { ...edit, ...(assigneeId !== undefined && { assigneeId }) });
    },
    setState(named, type) {
      const issue = issueOf(named);
      const state = world.teamOf(issue).states.find((candidate) => candidate.type === type);
      if (state === undefined) throw new RangeError(`There is no state of the kind ${type}`);
      updateIssue(scene, issue, { stateId: state.id });
    },
    addLabel(named, label) {
      const issue = issueOf(named);
      const added = ensureLabel(issue.teamId, label);
      const isOther = (id: string) => added.groupId !== null && world.labels.get(id)?.groupId === added.groupId;
      // Linear's page takes the other one of the group off; its API refuses.
      updateIssue(scene, issue, {
        addedLabelIds: [added.id],
        removedLabelIds: issue.labelIds.filter((id) => id !== added.id && isOther(id)),
      });
    },
    removeLabel(named, label) {
      const issue = issueOf(named);
      updateIssue(scene, issue, { removedLabelIds: [ensureLabel(issue.teamId, label).id] });
    },
    moveIssue: (named, team) => void updateIssue(scene, issueOf(named), { teamId: team }),
    archiveIssue: (named) => archiveIssue(scene, issueOf(named)),
    deleteIssue: (named) => void updateIssue(scene, issueOf(named), { trashed: true }),
    comment: (named, body, parentId = "") =>
      createComment(scene, { issueId: named, body, parentId: parentId || null }).id,
    editComment: (id, body) => void updateComment(scene, commentOf(id), body),
    deleteComment: (id) => deleteComment(scene, commentOf(id)),
  };
}
