import { type Actor, isSystemActor, type ProjectRole } from "../domain/actor.ts";
import { type Action, type ActionRule, actionTable, type ResourceKind } from "./actions.ts";

/** The record an action is about, reduced to what decides about it. */
export interface Resource {
  readonly kind: ResourceKind;
  readonly tenantId: string;
  /** Projects it belongs to. Null: all projects of the tenant. Empty: none, so only tenant roles see it. */
  readonly projectIds: readonly string[] | null;
  /** Absent for records that do not exist yet, and for lists. */
  readonly id?: string;
}

/** What a policy is asked: may this actor do this to that? */
export interface PolicyRequest {
  readonly actor: Actor;
  readonly action: Action;
  readonly resource: Resource;
}

/**
 * Decides who may do what, instead of the built-in table. Asked only inside the actor's own tenant, and never for the
 * system actor. A record whose read action it denies does not exist for the actor.
 */
export type Policy = (request: PolicyRequest) => boolean | Promise<boolean>;

const rank: Readonly<Record<ProjectRole, number>> = { viewer: 1, member: 2, admin: 3 };

/** The built-in policy: roles as data in `actionTable`, plus the actor's extra permissions in projects they can see. */
export const rolePolicy: Policy = ({ actor, action, resource }) => {
  if (isSystemActor(actor) || actor.role === "owner" || actor.role === "admin") return true;
  const rule: ActionRule = actionTable[action];
  const roles = actor.projects ?? {};
  const isExtra = actor.permissions?.includes(action) ?? false;
  const suffices = (projectId: string): boolean => {
    const role = Object.hasOwn(roles, projectId) ? roles[projectId] : undefined;
    return role !== undefined && (isExtra || rank[role] >= rank[rule.least]);
  };
  if (resource.projectIds === null) return rule.in === "any" && Object.keys(roles).some(suffices);
  if (rule.in === "any") return resource.projectIds.some(suffices);
  return resource.projectIds.length > 0 && resource.projectIds.every(suffices);
};
