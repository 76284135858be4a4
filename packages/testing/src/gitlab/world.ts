import { VersionedTable } from "../fake/versioned-table.ts";
import type {
  HookRecord,
  IssueRecord,
  LabelRecord,
  MilestoneRecord,
  NoteRecord,
  ProjectRecord,
  TokenRecord,
  UploadRecord,
  UserRecord,
} from "./model.ts";

/** Numeric ids start apart from each other and from issue numbers, so that one taken for the other is noticed. */
const firstIds = {
  user: 900,
  project: 4_000,
  issue: 70_000,
  note: 300_000,
  label: 6_000,
  hook: 1_000,
  upload: 50_000,
  token: 80,
  milestone: 7_000,
};

/** The whole state of the fake. */
export class World {
  readonly now: () => number;
  readonly issues: VersionedTable<IssueRecord> = new VersionedTable();
  readonly notes: VersionedTable<NoteRecord> = new VersionedTable();
  readonly labels: Map<number, LabelRecord> = new Map();
  readonly uploads: Map<number, UploadRecord> = new Map();
  readonly hooks: Map<number, HookRecord> = new Map();
  readonly milestones: Map<number, MilestoneRecord> = new Map();
  readonly tokens: Map<string, TokenRecord> = new Map();
  /** Who was told of something that named them: login and the text. */
  readonly notifications: { readonly username: string; readonly text: string }[] = [];
  readonly #users = new Map<string, UserRecord>();
  readonly #projects = new Map<number, ProjectRecord>();
  readonly #lastIds = { ...firstIds };
  /** Issues can have several assignees, and of labels like `priority::high` one for each key. */
  readonly isPremium: boolean;
  #lastStamp = 0;

  constructor(now: () => number, isPremium = false) {
    this.now = now;
    this.isPremium = isPremium;
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

  /** The account of that name, made on first use. */
  ensureUser(username: string, name: string = username, isBot = false): UserRecord {
    const known = this.#users.get(username);
    if (known !== undefined) return known;
    const user = { id: this.nextId("user"), username, name, isBot };
    this.#users.set(username, user);
    return user;
  }

  projects(): ProjectRecord[] {
    return [...this.#projects.values()];
  }

  setProject(project: ProjectRecord): void {
    this.#projects.set(project.id, project);
  }

  /** By id, or by path in any case. */
  findProject(idOrPath: string): ProjectRecord | undefined {
    const wanted = idOrPath.toLowerCase();
    return this.projects().find(({ id, path }) => String(id) === wanted || path.toLowerCase() === wanted);
  }

  /** By a path that it had. */
  findRenamed(path: string): ProjectRecord | undefined {
    const wanted = path.toLowerCase();
    return this.projects().find(({ formerPaths }) => formerPaths.some((former) => former.toLowerCase() === wanted));
  }

  projectOf({ projectId }: { readonly projectId: number }): ProjectRecord {
    const project = this.#projects.get(projectId);
    if (project === undefined) throw new RangeError(`There is no project ${projectId}`);
    return project;
  }

  /** Gives out the next number of a project, for good. */
  nextIid(projectId: number): number {
    const project = this.projectOf({ projectId });
    const lastNumber = project.lastNumber + 1;
    this.#projects.set(projectId, { ...project, lastNumber });
    return lastNumber;
  }

  setIssue(issue: IssueRecord): void {
    this.issues.set(issue, this.now());
  }

  findIssue(projectId: number, iid: number, asOf?: number): IssueRecord | undefined {
    return this.issues.values(asOf).find((issue) => issue.projectId === projectId && issue.iid === iid);
  }

  issuesOf(projectId: number, asOf?: number): IssueRecord[] {
    return this.issues.values(asOf).filter((issue) => issue.projectId === projectId);
  }

  notesOf(issueId: number, asOf?: number): NoteRecord[] {
    return this.notes.values(asOf).filter((note) => note.issueId === issueId);
  }

  /** Its own labels, and those of the groups above it. */
  labelsOf({ path }: ProjectRecord): LabelRecord[] {
    const isAbove = ({ owner }: LabelRecord) => path === owner || path.startsWith(`${owner}/`);
    return [...this.labels.values()].filter(isAbove);
  }
}
