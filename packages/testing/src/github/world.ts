import { VersionedTable } from "../fake/versioned-table.ts";
import { AppTable } from "./app-table.ts";
import { Catalog } from "./catalog.ts";
import { createNodeId } from "./identifiers.ts";
import type {
  CommentRecord,
  HookRecord,
  IssueFate,
  IssueRecord,
  LabelRecord,
  RepositoryRecord,
  TokenRecord,
  UserRecord,
} from "./model.ts";
import { toWholeSecond } from "./time.ts";
import { type IdKind, recordsFrom, savedRecords, type WorldState } from "./world-state.ts";

/** Numeric ids start apart from each other and from issue numbers, so that one taken for the other is noticed. */
const firstIds: Readonly<Record<IdKind, number>> = {
  user: 1000,
  repository: 20_000,
  label: 300_000,
  issue: 4_000_000,
  comment: 50_000_000,
  hook: 600_000,
};

interface Slot {
  readonly id: number;
  fate: IssueFate;
}

/** The whole state of the fake: every account, repository, issue, label, comment, hook and token. */
export class World {
  readonly issues: VersionedTable<IssueRecord> = new VersionedTable();
  readonly labels: VersionedTable<LabelRecord> = new VersionedTable();
  readonly comments: VersionedTable<CommentRecord> = new VersionedTable();
  readonly hooks: Map<number, HookRecord> = new Map();
  readonly tokens: Map<string, TokenRecord> = new Map();
  readonly catalog: Catalog = new Catalog();
  readonly apps: AppTable = new AppTable();
  readonly now: () => number;
  readonly #users = new Map<string, UserRecord>();
  readonly #repositories = new Map<number, RepositoryRecord>();
  readonly #repositoryIds = new Map<string, number>();
  readonly #slots = new Map<number, Map<number, Slot>>();
  readonly #issueNodes = new Map<string, number>();
  readonly #commentNodes = new Map<string, number>();
  readonly #commentIds = new Map<number, number[]>();
  readonly #lastIds: Record<IdKind, number> = { ...firstIds };

  constructor(now: () => number) {
    this.now = now;
  }

  /** The current time as GitHub would store it. */
  stamp(): number {
    return toWholeSecond(this.now());
  }

  nextId(kind: IdKind): number {
    this.#lastIds[kind] += 1;
    return this.#lastIds[kind];
  }

  findUser(login: string): UserRecord | undefined {
    return this.#users.get(login.toLowerCase());
  }

  userById(id: number): UserRecord | undefined {
    return [...this.#users.values()].find((user) => user.id === id);
  }

  /** The account of that login, made on first use. */
  ensureUser(login: string): UserRecord {
    const known = this.findUser(login);
    if (known !== undefined) return known;
    const id = this.nextId("user");
    const user = { id, nodeId: createNodeId("U", 0, id), login, name: null, createdAt: this.stamp() };
    this.#users.set(login.toLowerCase(), user);
    return user;
  }

  /** Stores a repository under its name; a former name keeps leading to it. */
  setRepository(repository: RepositoryRecord): void {
    this.#repositories.set(repository.id, repository);
    this.#repositoryIds.set(`${repository.owner}/${repository.name}`.toLowerCase(), repository.id);
  }

  repositoryById(id: number): RepositoryRecord | undefined {
    return this.#repositories.get(id);
  }

  /** Finds by `owner/name` in any case, also by a former name. */
  findRepository(fullName: string): RepositoryRecord | undefined {
    const id = this.#repositoryIds.get(fullName.toLowerCase());
    return id === undefined ? undefined : this.#repositories.get(id);
  }

  repositories(): RepositoryRecord[] {
    return [...this.#repositories.values()];
  }

  /** The number the repository's next issue or pull request gets. */
  nextNumber(repositoryId: number): number {
    return (this.#slots.get(repositoryId)?.size ?? 0) + 1;
  }

  addIssue(issue: IssueRecord): void {
    this.#giveNumber(issue.repositoryId, issue.number, { id: issue.id, fate: { kind: "here" } });
    this.#issueNodes.set(issue.nodeId, issue.id);
    this.issues.set(issue, this.now());
  }

  setIssue(issue: IssueRecord): void {
    this.issues.set(issue, this.now());
  }

  /** Takes the issue away and remembers why, so that its old number answers 410 or 301. */
  removeIssue(issue: IssueRecord, fate: IssueFate): void {
    const slot = this.#slots.get(issue.repositoryId)?.get(issue.number);
    if (slot !== undefined) slot.fate = fate;
    this.issues.remove(issue.id, this.now());
  }

  findIssue(repositoryId: number, number: number, asOf?: number): IssueRecord | undefined {
    const slot = this.#slots.get(repositoryId)?.get(number);
    return slot === undefined ? undefined : this.issues.get(slot.id, asOf);
  }

  /** What became of an issue number; `undefined` when it was never given out. */
  fateOf(repositoryId: number, number: number): IssueFate | undefined {
    return this.#slots.get(repositoryId)?.get(number)?.fate;
  }

  issueByNode(nodeId: string, asOf?: number): IssueRecord | undefined {
    const id = this.#issueNodes.get(nodeId);
    return id === undefined ? undefined : this.issues.get(id, asOf);
  }

  /** Issues and pull requests of a repository by ascending number. */
  issuesOf(repositoryId: number, asOf?: number): IssueRecord[] {
    const slots = this.#slots.get(repositoryId)?.values() ?? [];
    return [...slots].flatMap((slot) => this.issues.get(slot.id, asOf) ?? []);
  }

  addComment(comment: CommentRecord): void {
    this.#indexComment(comment);
    this.comments.set(comment, this.now());
  }

  commentByNode(nodeId: string, asOf?: number): CommentRecord | undefined {
    const id = this.#commentNodes.get(nodeId);
    return id === undefined ? undefined : this.comments.get(id, asOf);
  }

  commentsOf(issueId: number, asOf?: number): CommentRecord[] {
    return (this.#commentIds.get(issueId) ?? []).flatMap((id) => this.comments.get(id, asOf) ?? []);
  }

  labelsOf(repositoryId: number, asOf?: number): LabelRecord[] {
    return this.labels.values(asOf).filter((label) => label.repositoryId === repositoryId);
  }

  /** Label names differ by more than case within a repository. */
  findLabel(repositoryId: number, name: string, asOf?: number): LabelRecord | undefined {
    const wanted = name.toLowerCase();
    return this.labelsOf(repositoryId, asOf).find((label) => label.name.toLowerCase() === wanted);
  }

  /** Everything there is, as plain JSON. What can be derived from it is left out. */
  save(): WorldState {
    const saved = savedRecords;
    return {
      users: [...this.#users.values()],
      repositories: this.repositories().map(saved.repository),
      names: [...this.#repositoryIds],
      numbers: [...this.#slots].map(([repositoryId, slots]) => ({
        repositoryId,
        slots: [...slots.values()].map((slot) => ({ ...slot })),
      })),
      issues: this.issues.save(saved.issue),
      labels: this.labels.save((label) => label),
      comments: this.comments.save(saved.comment),
      hooks: [...this.hooks.values()],
      tokens: [...this.tokens.values()].map(saved.token),
      catalog: this.catalog.save(),
      apps: this.apps.save(),
      lastIds: { ...this.#lastIds },
    };
  }

  /** Brings a world that is still empty to a saved state, which was checked before. */
  restore(state: WorldState): void {
    const from = recordsFrom(state.users);
    for (const user of state.users) this.#users.set(user.login.toLowerCase(), user);
    for (const repository of state.repositories) this.#repositories.set(repository.id, from.repository(repository));
    for (const [name, id] of state.names) this.#repositoryIds.set(name, id);
    for (const { repositoryId, slots } of state.numbers)
      for (const [index, slot] of slots.entries()) this.#giveNumber(repositoryId, index + 1, { ...slot });
    this.issues.restore(state.issues, (saved) => {
      const issue = from.issue(saved);
      this.#issueNodes.set(issue.nodeId, issue.id);
      return issue;
    });
    this.labels.restore(state.labels, (label) => label);
    this.comments.restore(state.comments, (saved) => {
      const comment = from.comment(saved);
      if (!this.#commentNodes.has(comment.nodeId)) this.#indexComment(comment);
      return comment;
    });
    for (const hook of state.hooks) this.hooks.set(hook.id, hook);
    for (const token of state.tokens) this.tokens.set(token.value, from.token(token));
    this.catalog.restore(state.catalog);
    this.apps.restore(state.apps, (id) => this.userById(id));
    Object.assign(this.#lastIds, state.lastIds);
  }

  #giveNumber(repositoryId: number, number: number, slot: Slot): void {
    const slots = this.#slots.get(repositoryId) ?? new Map<number, Slot>();
    slots.set(number, slot);
    this.#slots.set(repositoryId, slots);
  }

  #indexComment(comment: CommentRecord): void {
    this.#commentNodes.set(comment.nodeId, comment.id);
    this.#commentIds.set(comment.issueId, [...(this.#commentIds.get(comment.issueId) ?? []), comment.id]);
  }
}
