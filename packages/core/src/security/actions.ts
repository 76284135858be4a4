import type { ProjectRole } from "../domain/actor.ts";

/** What a project role must be, and in how many of the record's projects, for somebody without a tenant role. */
export interface ActionRule {
  readonly least: ProjectRole;
  /** `every`: in all projects of the record; a record for all projects of the tenant is out of reach then. */
  readonly in: "any" | "every";
}

const see: ActionRule = { least: "viewer", in: "any" };
const work: ActionRule = { least: "member", in: "any" };
const lead: ActionRule = { least: "admin", in: "any" };
const configure: ActionRule = { least: "admin", in: "every" };

/** Everything somebody can do, named after the record it is done to. */
export type Action =
  | "provider.read"
  | "source.read"
  | "source.create"
  | "source.update"
  | "source.authorize"
  | "source.test"
  | "source.preview"
  | "source.delete"
  | "source.pair-people"
  | "source.find-people"
  | "relation.read"
  | "relation.create"
  | "relation.update"
  | "relation.delete"
  | "reference.list"
  | "reference.add"
  | "reference.update"
  | "reference.remove"
  | "issue.read"
  | "issue.search"
  | "issue.refresh"
  | "defect.read"
  | "defect.create"
  | "defect.update"
  | "defect.report"
  | "defect.push"
  | "defect.attach"
  | "defect.detach"
  | "defect.delete"
  | "comment.read"
  | "comment.add"
  | "comment.update"
  | "comment.delete"
  | "link.read"
  | "link.pause"
  | "link.resume"
  | "link.retry"
  | "link.resolve"
  | "traceability.read"
  | "activity.read";

/**
 * Every action there is, and who may do it. Tenant owners and admins, and the system actor, may do all of them.
 * Viewers see; members link, report and push; sources and relations are changed by those to whom all its projects belong.
 */
export const actionTable: Readonly<Record<Action, ActionRule>> = {
  "provider.read": see,
  "source.read": see,
  "source.create": configure,
  "source.update": configure,
  "source.authorize": configure,
  "source.test": configure,
  "source.preview": configure,
  "source.delete": configure,
  "source.pair-people": configure,
  "source.find-people": work,
  "relation.read": see,
  "relation.create": configure,
  "relation.update": configure,
  "relation.delete": configure,
  "reference.list": see,
  "reference.add": work,
  "reference.update": work,
  "reference.remove": work,
  "issue.read": see,
  "issue.search": work,
  "issue.refresh": work,
  "defect.read": see,
  "defect.create": work,
  "defect.update": work,
  "defect.report": work,
  "defect.push": work,
  "defect.attach": work,
  "defect.detach": work,
  "defect.delete": lead,
  "comment.read": see,
  "comment.add": work,
  "comment.update": work,
  "comment.delete": work,
  "link.read": see,
  "link.pause": work,
  "link.resume": work,
  "link.retry": work,
  "link.resolve": work,
  "traceability.read": see,
  "activity.read": see,
};

export type ResourceKind =
  | "provider"
  | "source"
  | "relation"
  | "reference"
  | "issue"
  | "defect"
  | "comment"
  | "link"
  | "traceability"
  | "activity";

/** The action that decides whether a record of the kind exists for an actor at all. */
export const readActions: Readonly<Record<ResourceKind, Action>> = {
  provider: "provider.read",
  source: "source.read",
  relation: "relation.read",
  reference: "reference.list",
  issue: "issue.read",
  defect: "defect.read",
  comment: "comment.read",
  link: "link.read",
  traceability: "traceability.read",
  activity: "activity.read",
};
