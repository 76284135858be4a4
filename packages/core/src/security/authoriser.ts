import { type Actor, isSystemActor } from "../domain/actor.ts";
import { BackrefError } from "../errors/index.ts";
import { type Action, actionTable, readActions } from "./actions.ts";
import { type Policy, type Resource, rolePolicy } from "./policy.ts";

/** The one place where permissions are decided. */
export interface Authoriser {
  /**
   * Throws `not-found` where the record is outside the actor's reach, and `permission-denied` where they see it but may
   * not do this to it.
   */
  authorise(actor: Actor, action: Action, resource: Resource): Promise<void>;
  allows(actor: Actor, action: Action, resource: Resource): Promise<boolean>;
  /** Items the actor may do it to, in their order. For lists. */
  filter<Item>(
    actor: Actor,
    action: Action,
    items: readonly Item[],
    resourceOf: (item: Item) => Resource,
  ): Promise<readonly Item[]>;
}

/** @param policy replaces the built-in table, but never the tenant check. @default the table in `actions.ts` */
export function createAuthoriser(policy: Policy = rolePolicy): Authoriser {
  const allows: Authoriser["allows"] = async (actor, action, resource) => {
    if (actor.tenantId !== resource.tenantId) return false;
    if (isSystemActor(actor)) return true;
    return (await policy({ actor, action, resource })) === true;
  };
  return {
    allows,
    async authorise(actor, action, resource) {
      if (await allows(actor, action, resource)) return;
      const readAction = readActions[resource.kind];
      if (action === readAction || !(await allows(actor, readAction, resource))) throw notFound(resource);
      throw new BackrefError({
        code: "permission-denied",
        message: denial(action, resource),
        operation: action,
        data: { action, kind: resource.kind },
      });
    },
    async filter(actor, action, items, resourceOf) {
      const kept = await Promise.all(items.map((item) => allows(actor, action, resourceOf(item))));
      return items.filter((_item, index) => kept[index]);
    },
  };
}

/** Who could do it, from the table. A host's own policy may think otherwise, but the words still point somewhere. */
function denial(action: Action, resource: Resource): string {
  const rule = actionTable[action];
  const where = rule.in === "every" ? "all its projects" : "its project";
  const roles = { viewer: "anyone with a role", member: "a member or admin", admin: "an admin" }[rule.least];
  const allProjects =
    resource.projectIds === null && rule.in === "every"
      ? " As it stands it concerns every project of the tenant: name the projects it is for."
      : "";
  return `You may not do "${action}" here. An owner or admin of the tenant may, and ${roles} of ${where}.${allProjects}`;
}

/** The same words whether the record is missing or hidden, so that nobody can tell. */
export function notFound(resource: Pick<Resource, "kind" | "id">): BackrefError {
  const which = resource.id === undefined ? `No such ${resource.kind}` : `No ${resource.kind} "${resource.id}"`;
  return new BackrefError({
    code: "not-found",
    message: `${which} within reach. Check the id, the tenant, and the projects you have a role in.`,
    data: { kind: resource.kind },
  });
}
