import { createNodeId, createTokenValue } from "./identifiers.ts";
import type { FineGrainedPermissions, RepositoryAccess, RepositoryRecord, TokenRecord, UserRecord } from "./model.ts";
import { requireRepository } from "./person.ts";
import type { World } from "./world.ts";

/** A repository to set up. */
export interface RepositoryOptions {
  /** `owner/name` */
  readonly name: string;
  /** Invisible to tokens without access. @default true */
  readonly private?: boolean;
  /** Read-only. @default false */
  readonly archived?: boolean;
  /** @default true */
  readonly hasIssues?: boolean;
}

/** What a token may do. */
export interface TokenRights {
  /** Role per `owner/name`. */
  readonly repositories?: Readonly<Record<string, RepositoryAccess>>;
  /** Role in repositories that are not listed. @default "none" with `repositories`, else "write" */
  readonly access?: RepositoryAccess;
  /** Scopes of a classic token. @default ["repo"] */
  readonly scopes?: readonly string[];
  /** Makes the token a fine-grained one with these permissions. */
  readonly permissions?: FineGrainedPermissions;
}

/** A token to set up; the account is made on first use and becomes a collaborator wherever the token has a role. */
export interface TokenOptions extends TokenRights {
  readonly login: string;
}

/** Sets up accounts, repositories and tokens. */
export class Registry {
  readonly #world: World;
  readonly #random: () => number;

  constructor(world: World, random: () => number) {
    this.#world = world;
    this.#random = random;
  }

  /** Adds a repository; tokens with a role in every repository have it there too. */
  addRepository(options: string | RepositoryOptions): void {
    const { name: fullName, ...rest } = typeof options === "string" ? { name: options } : options;
    const [owner = "", name = "", ...more] = fullName.split("/");
    if (owner === "" || name === "" || more.length > 0) throw new TypeError(`"${fullName}" is not owner/name`);
    if (this.#world.findRepository(fullName) !== undefined) throw new TypeError(`${fullName} exists already`);
    const id = this.#world.nextId("repository");
    const defaults = { private: true, archived: false, hasIssues: true };
    const createdAt = this.#world.stamp();
    const collaborators = new Map<string, RepositoryAccess>();
    const nodeId = createNodeId("R", 0, id);
    this.#world.setRepository({ id, nodeId, owner, name, createdAt, collaborators, ...defaults, ...rest });
    for (const token of this.#world.tokens.values()) this.#invite(token);
  }

  /** Changes settings of a repository, or renames it: its old name then answers 301. */
  changeRepository(fullName: string, change: Partial<RepositoryOptions>): void {
    const repository = requireRepository(this.#world, fullName);
    const { name: newName, ...settings } = change;
    const [owner = "", name = ""] = (newName ?? fullName).split("/");
    const names = newName === undefined ? {} : { owner, name };
    this.#world.setRepository({ ...repository, ...settings, ...names });
  }

  /** Makes somebody a collaborator with a role, in the given repositories or in all there are. */
  addUser(login: string, repositories?: readonly string[], role: RepositoryAccess = "write"): UserRecord {
    const user = this.#world.ensureUser(login);
    const where = repositories?.map((name) => requireRepository(this.#world, name)) ?? this.#world.repositories();
    for (const repository of where) this.#collaborate(repository, user, role);
    return user;
  }

  createToken({ login, ...rights }: TokenOptions): string {
    const kind = rights.permissions === undefined ? "classic" : "fine-grained";
    const value = createTokenValue(this.#random, kind);
    const user = this.#world.ensureUser(login);
    this.#setToken({ value, user, revoked: false, ...rightsOf(rights) });
    return value;
  }

  /** Replaces a token's rights; the value stays. */
  changeToken(value: string, rights: TokenRights): void {
    this.#setToken({ ...this.#requireToken(value), ...rightsOf(rights) });
  }

  /** From now on the token answers 401. */
  revokeToken(value: string): void {
    this.#world.tokens.set(value, { ...this.#requireToken(value), revoked: true });
  }

  #requireToken(value: string): TokenRecord {
    const token = this.#world.tokens.get(value);
    if (token === undefined) throw new RangeError("There is no such token");
    return token;
  }

  #setToken(token: TokenRecord): void {
    this.#world.tokens.set(token.value, token);
    this.#invite(token);
  }

  #invite(token: TokenRecord): void {
    for (const repository of this.#world.repositories()) {
      const name = `${repository.owner}/${repository.name}`.toLowerCase();
      const role = token.repositories.get(name) ?? token.defaultAccess;
      if (role !== "none") this.#collaborate(repository, token.user, role);
    }
  }

  #collaborate(repository: RepositoryRecord, user: UserRecord, role: RepositoryAccess): void {
    const key = user.login.toLowerCase();
    if (repository.collaborators.get(key) === role) return;
    const collaborators = new Map(repository.collaborators).set(key, role);
    this.#world.setRepository({ ...repository, collaborators });
  }
}

function rightsOf({ repositories, access, scopes, permissions }: TokenRights) {
  const entries = Object.entries(repositories ?? {});
  return {
    repositories: new Map(entries.map(([name, role]) => [name.toLowerCase(), role] as const)),
    defaultAccess: access ?? (repositories === undefined ? "write" : "none"),
    scopes: permissions === undefined ? (scopes ?? ["repo"]) : [],
    permissions: permissions ?? null,
  } as const;
}
