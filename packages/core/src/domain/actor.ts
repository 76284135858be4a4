/** Role in the whole tenant. */
export type TenantRole = "owner" | "admin";

/** Role in one project of the host. */
export type ProjectRole = "admin" | "member" | "viewer";

/** A person (or service) of the host application who acts through `backref.as(actor)`. */
export interface UserActor {
  readonly tenantId: string;
  readonly userId: string;
  /** Shown in activity and in comments that are posted for this person. @default userId */
  readonly displayName?: string;
  /** @default none: only what `projects` gives */
  readonly role?: TenantRole;
  /** Role per project id. A project that is not named does not exist for this actor, unless they hold a tenant role. */
  readonly projects?: Readonly<Record<string, ProjectRole>>;
  /** Actions allowed beyond what the roles give, by action name, in every project the actor can see. */
  readonly permissions?: readonly string[];
}

/** The host's own machinery (imports, schedulers) inside one tenant. It may do everything there. */
export interface SystemActor {
  readonly tenantId: string;
  readonly system: true;
}

/** Who acts. Given to `backref.as`; Backref trusts it, so the host must know who it is. */
export type Actor = UserActor | SystemActor;

export function isSystemActor(actor: Actor): actor is SystemActor {
  return "system" in actor && actor.system === true;
}
