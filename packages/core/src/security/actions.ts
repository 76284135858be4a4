import type { ProjectRole } from "../domain/actor.ts";

/** What a project role must be, and in how many of the record's projects, for somebody without a tenant role. */
export interface ActionRule {
  readonly least: ProjectRole;
  /** `every`: in all projects of the record; a record for all projects of the tenant is out of reach then. */
  readonly in: "any" | "every";
}

const see = { least: "viewer", in: "any" } as const;
const work = { least: "member", in: "any" } as const;
const lead = { least: "admin", in: "any" } as const;
const configure = { least: "admin", in: "every" } as const;

/**
 * Every action there is, and who may do it. Tenant owners and admins, and the system actor, may do all of them.
 * Viewers see; members link, report and push; sources and relations are changed by those to whom all its projects belong.
 */
export const actionTable = {
  "provider.read": see,
  "source.read": see,
  "source.create": configure,
  "source.update": configure,
  "source.test": configure,
  "source.delete": configure,
  "relation.read": see,
  "relation.create": configure,
  "relation.update": configure,
  "relation.delete": configure,
  "reference.list": see,
  "reference.add": work,
  "reference.remove": work,
  "issue.read": see,
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
} as const satisfies Readonly<Record<string, ActionRule>>;

export type Action = keyof typeof actionTable;

/** The action that decides whether a record of the kind exists for an actor at all. */
export const readActions = {
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
} as const satisfies Readonly<Record<string, Action>>;

export type ResourceKind = keyof typeof readActions;
