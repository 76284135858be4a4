import {
  createComment,
  createIssue,
  createLabel,
  deleteComment,
  type IssueInput,
  type Scene,
  updateComment,
  updateIssue,
} from "./actions.ts";
import { type ConnectionArguments, connect } from "./connection.ts";
import { forbidden, notFound } from "./failure.ts";
import { createAttachment, type FileDraft, prepareUpload } from "./files.ts";
import { type Filtered, fits } from "./filters.ts";
import type { CommentRecord, HookRecord, IssueRecord, TokenRecord } from "./model.ts";
import { attachmentNode, commentNode, issueNode, labelNode, teamNode, userNode, type View } from "./nodes.ts";

interface Listing extends ConnectionArguments {
  readonly filter?: unknown;
  readonly includeArchived?: boolean | null;
  readonly orderBy?: "createdAt" | "updatedAt" | null;
}

/** What one request may see and do. */
export interface Scope extends View, Scene {
  readonly token: TokenRecord;
  /** Where the request arrived, such as `https://api.linear.app`. */
  readonly origin: string;
}

const byNewest =
  (order: Listing["orderBy"]) =>
  <Row extends { readonly createdAt: number; readonly updatedAt: number }>(a: Row, b: Row): number =>
    order === "updatedAt" ? b.updatedAt - a.updatedAt : b.createdAt - a.createdAt;

/** The root fields that the fake answers, for one request. */
export function createRoot(scope: Scope): object {
  return { ...queries(scope), ...mutations(scope) };
}

function queries(scope: Scope): object {
  const { world, asOf, token } = scope;
  const seesTeam = (teamId: string) => token.teams === null || token.teams.includes(world.teams.get(teamId)?.key ?? "");
  const teams = () => [...world.teams.values()].filter(({ id }) => seesTeam(id));
  const issues = () => world.issues.values(asOf).filter(({ teamId }) => seesTeam(teamId));
  const filteredIssue = (issue: IssueRecord): Filtered => {
    const { id, key, name } = world.teamOf(issue);
    const { number, createdAt, updatedAt } = issue;
    return { id: issue.id, number, createdAt, updatedAt, team: { id, key, name } };
  };
  const filteredComment = (comment: CommentRecord): Filtered => {
    const issue = world.issues.get(comment.issueId, asOf);
    return { updatedAt: comment.updatedAt, issue: issue === undefined ? null : filteredIssue(issue) };
  };
  const select = ({ filter, includeArchived, orderBy }: Listing) =>
    issues()
      .filter((issue) => includeArchived === true || !(issue.trashed || issue.isArchived))
      .filter((issue) => fits(filteredIssue(issue), filter))
      .toSorted(byNewest(orderBy));
  return {
    viewer: () => userNode(scope.actor),
    organization: () => ({
      id: world.organizationId,
      name: world.workspace,
      urlKey: world.workspace,
      previousUrlKeys: [],
    }),
    teams: (asked: Listing) =>
      connect(
        teams().filter(({ id, key, name }) => fits({ id, key, name }, asked.filter)),
        asked,
        (team) => teamNode(scope, team),
      ),
    issues: (asked: Listing) => connect(select(asked), asked, (issue) => issueNode(scope, issue)),
    issue({ id }: { readonly id: string }) {
      const issue = world.findIssue(id, asOf);
      if (issue === undefined || !seesTeam(issue.teamId)) throw notFound("Issue");
      return issueNode(scope, issue);
    },
    searchIssues(asked: Listing & { readonly term: string }) {
      const words = asked.term
        .toLowerCase()
        .split(/\s+/)
        .filter((word) => word !== "");
      const found = select(asked).filter((issue) => {
        const text = `${world.identifierOf(issue)} ${issue.title} ${issue.description ?? ""}`.toLowerCase();
        return words.every((word) => text.includes(word));
      });
      return { ...connect(found, asked, (issue) => issueNode(scope, issue)), totalCount: found.length };
    },
    issueLabels(asked: Listing) {
      const labels = [...world.labels.values()].filter(({ name, teamId, isGroup }) => {
        const key = teamId === null ? null : (world.teams.get(teamId)?.key ?? "");
        return fits({ name, isGroup, team: key === null ? null : { key } }, asked.filter);
      });
      return connect(labels, asked, (label) => labelNode(scope, label));
    },
    comments(asked: Listing) {
      const found = world.comments.values(asOf).filter((comment) => {
        const issue = world.issues.get(comment.issueId, asOf);
        return issue !== undefined && seesTeam(issue.teamId) && fits(filteredComment(comment), asked.filter);
      });
      return connect(found.toSorted(byNewest(asked.orderBy)), asked, (comment) => commentNode(scope, comment));
    },
    comment({ id }: { readonly id?: string | null }) {
      const comment = world.comments.get(id ?? "", asOf);
      if (comment === undefined) throw notFound("Comment");
      return commentNode(scope, comment);
    },
    users: (asked: Listing) =>
      connect(
        [...world.users.values()].filter(({ name, displayName, email }) =>
          fits({ name, displayName, email, active: true }, asked.filter),
        ),
        asked,
        userNode,
      ),
    webhooks: (asked: Listing) => connect([...world.hooks.values()], asked, (hook) => hookNode(scope, hook)),
  };
}

function hookNode(scope: Scope, { id, url, teamId }: HookRecord): object {
  const team = teamId === null ? undefined : scope.world.teams.get(teamId);
  return { id, url, team: team === undefined ? null : teamNode(scope, team) };
}

/** An account that may not label takes part without: labels that it sends are left out. */
function allowed(input: IssueInput, { canLabel }: TokenRecord): IssueInput {
  if (canLabel) return input;
  const { labelIds: _labelIds, addedLabelIds: _added, removedLabelIds: _removed, ...rest } = input;
  return rest;
}

function mutations(scope: Scope): object {
  const { world, token } = scope;
  const issueOf = (id: string): IssueRecord => {
    const issue = world.findIssue(id);
    const isSeen = issue !== undefined && (token.teams === null || token.teams.includes(world.teamOf(issue).key));
    if (!isSeen) throw notFound("Issue");
    return issue;
  };
  const commentOf = (id: string): CommentRecord => {
    const comment = world.comments.get(id);
    if (comment === undefined) throw notFound("Comment");
    return comment;
  };
  return {
    issueCreate: ({ input }: { readonly input: IssueInput }) => ({
      success: true,
      issue: issueNode(scope, createIssue(scope, allowed(input, token))),
    }),
    issueUpdate: ({ id, input }: { readonly id: string; readonly input: IssueInput }) => ({
      success: true,
      issue: issueNode(scope, updateIssue(scope, issueOf(id), allowed(input, token))),
    }),
    commentCreate({ input }: { readonly input: Parameters<typeof createComment>[1] }) {
      if (input.createAsUser != null && token.isApp !== true) throw forbidden("createAsUser is for actor=app only.");
      return { success: true, comment: commentNode(scope, createComment(scope, input)) };
    },
    commentUpdate: ({ id, input }: { readonly id: string; readonly input: { readonly body?: string | null } }) => ({
      success: true,
      comment: commentNode(scope, updateComment(scope, commentOf(id), input.body ?? "")),
    }),
    commentDelete({ id }: { readonly id: string }) {
      deleteComment(scope, commentOf(id));
      return { success: true, entityId: id };
    },
    issueLabelCreate({ input }: { readonly input: Parameters<typeof createLabel>[1] }) {
      if (!token.canLabel) throw forbidden("You are not allowed to make labels.");
      return { success: true, issueLabel: labelNode(scope, createLabel(world, input)) };
    },
    attachmentCreate: ({ input }: { readonly input: Parameters<typeof createAttachment>[2] }) => ({
      success: true,
      attachment: attachmentNode(scope, createAttachment(scope, issueOf(input.issueId), input)),
    }),
    fileUpload: (draft: FileDraft) => ({ success: true, uploadFile: prepareUpload(scope, draft) }),
    webhookCreate({ input }: { readonly input: Omit<HookRecord, "id"> & { readonly id?: string | null } }) {
      const team = input.teamId == null ? undefined : world.findTeam(input.teamId);
      if (input.teamId != null && team === undefined) throw notFound("Team");
      const { url, secret, resourceTypes } = input;
      const hook = {
        id: input.id ?? world.newId(),
        url,
        secret: secret ?? "",
        resourceTypes,
        teamId: team?.id ?? null,
      };
      world.hooks.set(hook.id, hook);
      return { success: true, webhook: hookNode(scope, hook) };
    },
    webhookDelete({ id }: { readonly id: string }) {
      if (!world.hooks.delete(id)) throw notFound("Webhook");
      return { success: true, entityId: id };
    },
  };
}
