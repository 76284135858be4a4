import { VersionedTable } from "../fake/versioned-table.ts";
import type {
  AttachmentRecord,
  CommentRecord,
  Deployment,
  HookRecord,
  IssueRecord,
  ProjectRecord,
  RemoteLinkRecord,
  StatusRecord,
  TokenRecord,
  UserRecord,
} from "./model.ts";
import { statuses } from "./scheme.ts";

/** Numeric ids start apart from each other and from issue numbers, so that one taken for the other is noticed. */
const firstIds = { project: 10_000, issue: 20_000, comment: 300_000, link: 40_000, hook: 1_000, attachment: 50_000 };

/** The whole state of the fake. */
export class World {
  readonly deployment: Deployment;
  readonly now: () => number;
  readonly issues: VersionedTable<IssueRecord> = new VersionedTable();
  readonly comments: VersionedTable<CommentRecord> = new VersionedTable();
  readonly links: Map<number, RemoteLinkRecord> = new Map();
  readonly attachments: Map<number, AttachmentRecord> = new Map();
  readonly hooks: Map<number, HookRecord> = new Map();
  readonly tokens: Map<string, TokenRecord> = new Map();
  readonly statuses: StatusRecord[] = [...statuses];
  readonly #users = new Map<string, UserRecord>();
  readonly #projects = new Map<string, ProjectRecord>();
  readonly #issueIds = new Map<string, number>();
  readonly #lastIds = { ...firstIds };
  #lastStamp = 0;

  constructor(deployment: Deployment, now: () => number) {
    this.deployment = deployment;
    this.now = now;
  }

  nextId(kind: keyof typeof firstIds): number {
    this.#lastIds[kind] += 1;
    return this.#lastIds[kind];
  }

  /** The time of a change: no two changes have the same. */
  stamp(): number {
    this.#lastStamp = Math.max(this.now(), this.#lastStamp + 1);
    return this.#lastStamp;
  }

  users(): UserRecord[] {
    return [...this.#users.values()];
  }

  /** By name, account id or e-mail address. */
  findUser(text: string): UserRecord | undefined {
    return this.users().find(({ name, accountId, email }) => [name, accountId, email].includes(text));
  }

  removeUser(name: string): void {
    this.#users.delete(name);
  }

  /** The account of that name, made on first use. */
  ensureUser(
    name: string,
    displayName: string = name,
    email: string | null = null,
    accountId: string = `5b10a2844c20165700${(0xede000 + this.#users.size).toString(16)}`,
  ): UserRecord {
    const known = this.#users.get(name);
    if (known !== undefined) return known;
    const user = { accountId, name, displayName, email, timeZone: "Australia/Sydney" };
    this.#users.set(name, user);
    return user;
  }

  projects(): ProjectRecord[] {
    return [...this.#projects.values()];
  }

  /** By key in any case, or by id. */
  findProject(text: string): ProjectRecord | undefined {
    return this.projects().find(({ id, key }) => id === text || key === text.toUpperCase());
  }

  projectOf(issue: IssueRecord): ProjectRecord {
    const project = this.#projects.get(issue.projectId);
    if (project === undefined) throw new RangeError(`There is no project ${issue.projectId}`);
    return project;
  }

  setProject(project: ProjectRecord): void {
    this.#projects.set(project.id, project);
  }

  /** Gives out the next number of a project, for good. */
  nextKey(projectId: string): string {
    const project = this.#projects.get(projectId);
    if (project === undefined) throw new RangeError(`There is no project ${projectId}`);
    const lastNumber = project.lastNumber + 1;
    this.#projects.set(projectId, { ...project, lastNumber });
    return `${project.key}-${lastNumber}`;
  }

  setIssue(issue: IssueRecord): void {
    this.#issueIds.set(issue.key, issue.id);
    this.issues.set(issue, this.now());
  }

  /** By id, by key in any case, also by a key that it had before a move. */
  findIssue(idOrKey: string, asOf?: number): IssueRecord | undefined {
    const id = /^\d+$/.test(idOrKey) ? Number(idOrKey) : this.#issueIds.get(idOrKey.toUpperCase());
    return id === undefined ? undefined : this.issues.get(id, asOf);
  }

  issuesOf(projectId: string, asOf?: number): IssueRecord[] {
    return this.issues.values(asOf).filter((issue) => issue.projectId === projectId);
  }

  commentsOf(issueId: number, asOf?: number): CommentRecord[] {
    return this.comments.values(asOf).filter((comment) => comment.issueId === issueId);
  }

  linksOf(issueId: number): RemoteLinkRecord[] {
    return [...this.links.values()].filter((link) => link.issueId === issueId);
  }

  /** Oldest first. */
  attachmentsOf(issueId: number): AttachmentRecord[] {
    return [...this.attachments.values()].filter((attachment) => attachment.issueId === issueId);
  }

  status(id: string): StatusRecord {
    const status = this.statuses.find((candidate) => candidate.id === id);
    if (status === undefined) throw new RangeError(`There is no status ${id}`);
    return status;
  }
}
