import type { JsonObject } from "../fake/json.ts";
import { ApiFailure, forbidden, notFound, unauthorized } from "./failure.ts";
import type { FineGrainedPermissions, RepositoryAccess, RepositoryRecord, TokenRecord } from "./model.ts";

const ranks: readonly RepositoryAccess[] = ["none", "read", "triage", "write", "admin"];

export function hasAccess(held: RepositoryAccess, wanted: RepositoryAccess): boolean {
  return ranks.indexOf(held) >= ranks.indexOf(wanted);
}

/** GitHub's `permissions` object of a repository. */
export function permissionsOf(access: RepositoryAccess): JsonObject {
  return {
    admin: hasAccess(access, "admin"),
    maintain: hasAccess(access, "admin"),
    push: hasAccess(access, "write"),
    triage: hasAccess(access, "triage"),
    pull: hasAccess(access, "read"),
  };
}

/** The role a token (or, for `null`, anybody) has in a repository, narrowed by a classic token's scopes. */
export function accessOf(token: TokenRecord | null, repository: RepositoryRecord): RepositoryAccess {
  const floor: RepositoryAccess = repository.private ? "none" : "read";
  if (token === null) return floor;
  if (token.permissions === null && !coversByScope(token, repository)) return floor;
  const role = token.repositories.get(nameOf(repository)) ?? token.defaultAccess;
  return hasAccess(role, floor) ? role : floor;
}

function nameOf({ owner, name }: RepositoryRecord): string {
  return `${owner}/${name}`.toLowerCase();
}

function coversByScope(token: TokenRecord, repository: RepositoryRecord): boolean {
  return token.scopes.includes("repo") || (!repository.private && token.scopes.includes("public_repo"));
}

/** What an operation asks for. */
export interface Need {
  readonly permission: keyof FineGrainedPermissions;
  readonly level: "read" | "write";
  /** Role the caller needs; an operation that answers 404 to those without it says so with `hidden`. */
  readonly role: RepositoryAccess;
  readonly hidden?: boolean;
}

/** Throws GitHub's refusal unless the caller may do this; answers with the caller's role. */
export function authorize(token: TokenRecord | null, repository: RepositoryRecord, need: Need): RepositoryAccess {
  const access = accessOf(token, repository);
  if (token === null && need.level === "write") throw unauthorized("Requires authentication");
  if (access === "none") throw notFound();
  if (token !== null) checkTokenKind(token, repository, need);
  if (need.level === "write" && repository.archived) throw forbidden("Repository was archived so is read-only.");
  if (!hasAccess(access, need.role)) throw need.hidden === true ? notFound() : mustHaveRights(token);
  return access;
}

function checkTokenKind(token: TokenRecord, repository: RepositoryRecord, need: Need): void {
  if (token.permissions === null) {
    if (need.level === "write" && !coversByScope(token, repository)) throw notFound();
    return;
  }
  if (need.permission === "metadata") return;
  const granted = token.permissions[need.permission];
  const isCovered = token.installationId === undefined || token.repositories.has(nameOf(repository));
  if ((granted === "write" && isCovered) || (granted === need.level && need.level === "read")) return;
  throw missingPermission(`${need.permission}=${need.level}`, token);
}

/** The 403 of a fine-grained token or of an app; the header names what would be enough, such as `issues=write`. */
export function missingPermission(accepted: string, token: TokenRecord | null): ApiFailure {
  const headers = { "x-accepted-github-permissions": accepted };
  const caller = token?.installationId === undefined ? "personal access token" : "integration";
  return forbidden(`Resource not accessible by ${caller}`, headers);
}

/** The 403 for a caller whose role is too low. */
export function mustHaveRights(token: TokenRecord | null): ApiFailure {
  return token !== null && token.permissions !== null
    ? missingPermission("issues=write", token)
    : new ApiFailure(403, "Must have admin rights to Repository.");
}
