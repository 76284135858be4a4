import { VersionedTable } from "../fake/versioned-table.ts";
import type {
  AttachmentRecord,
  CommentRecord,
  CycleRecord,
  HookRecord,
  IssueRecord,
  LabelRecord,
  ProjectRecord,
  StateRecord,
  TeamRecord,
  TokenRecord,
  UploadRecord,
  UserRecord,
} from "./model.ts";

const usualStates = [
  ["Backlog", "backlog"],
  ["Todo", "unstarted"],
  ["In Progress", "started"],
  ["Done", "completed"],
  ["Canceled", "canceled"],
  ["Duplicate", "duplicate"],
] as const;

/** The whole state of the fake: one workspace. */
export class World {
  readonly workspace: string;
  readonly organizationId = "2f0c6c1a-7d3e-4c57-9c58-0e6a3b1d9f42";
  readonly now: () => number;
  readonly newId: () => string;
  readonly users: Map<string, UserRecord> = new Map();
  readonly teams: Map<string, TeamRecord> = new Map();
  readonly labels: Map<string, LabelRecord> = new Map();
  readonly projects: Map<string, ProjectRecord> = new Map();
  readonly cycles: Map<string, CycleRecord> = new Map();
  readonly issues: VersionedTable<IssueRecord, string> = new VersionedTable();
  readonly comments: VersionedTable<CommentRecord, string> = new VersionedTable();
  readonly attachments: Map<string, AttachmentRecord> = new Map();
  readonly uploads: Map<string, UploadRecord> = new Map();
  readonly hooks: Map<string, HookRecord> = new Map();
  readonly tokens: Map<string, TokenRecord> = new Map();
  readonly #lastNumbers = new Map<string, number>();

  constructor(options: { readonly workspace: string; readonly now: () => number; readonly newId: () => string }) {
    this.workspace = options.workspace;
    this.now = options.now;
    this.newId = options.newId;
  }

  /** The account of that name, made on first use. */
  ensureUser(name: string): UserRecord {
    const known = [...this.users.values()].find((user) => user.name === name);
    if (known !== undefined) return known;
    const displayName = name.toLowerCase().replaceAll(/\s+/g, ".");
    const user = { id: this.newId(), name, displayName, email: `${displayName}@example.com` };
    this.users.set(user.id, user);
    return user;
  }

  addTeam(key: string): TeamRecord {
    const states = usualStates.map(
      ([name, type], position): StateRecord => ({ id: this.newId(), name, type, position: position * 1000 }),
    );
    const team = { id: this.newId(), key, name: `Team ${key}`, states, estimation: "notUsed", hasCycles: false };
    this.teams.set(team.id, team);
    return team;
  }

  /** By id or key. */
  findTeam(named: string): TeamRecord | undefined {
    return this.teams.get(named) ?? [...this.teams.values()].find(({ key }) => key === named.toUpperCase());
  }

  teamOf({ teamId }: Pick<IssueRecord, "teamId">): TeamRecord {
    const team = this.teams.get(teamId);
    if (team === undefined) throw new RangeError(`There is no team ${teamId}`);
    return team;
  }

  identifierOf(issue: Pick<IssueRecord, "teamId" | "number">): string {
    return `${this.teamOf(issue).key}-${issue.number}`;
  }

  /** By id, identifier or former identifier. */
  findIssue(named: string, asOf?: number): IssueRecord | undefined {
    const wanted = named.toUpperCase();
    return (
      this.issues.get(named, asOf) ??
      this.issues
        .values(asOf)
        .find((issue) => this.identifierOf(issue) === wanted || issue.previousIdentifiers.includes(wanted))
    );
  }

  nextNumber(teamId: string): number {
    const number = (this.#lastNumbers.get(teamId) ?? 0) + 1;
    this.#lastNumbers.set(teamId, number);
    return number;
  }

  /** A change of any field makes a new version; one that changes nothing does not. */
  changeIssue(issue: IssueRecord, change: Partial<IssueRecord>): IssueRecord {
    const next = { ...issue, ...change };
    if (JSON.stringify(next) === JSON.stringify(issue)) return issue;
    // Two changes never have the same time, as they have not in Linear's own database.
    const changed = { ...next, updatedAt: Math.max(this.now(), issue.updatedAt + 1) };
    this.issues.set(changed, this.now());
    return changed;
  }

  commentsOf(issueId: string, asOf?: number): CommentRecord[] {
    return this.comments.values(asOf).filter((comment) => comment.issueId === issueId);
  }

  /** Oldest first. */
  attachmentsOf(issueId: string): AttachmentRecord[] {
    return [...this.attachments.values()].filter((attachment) => attachment.issueId === issueId);
  }

  /** Of the team, else of the workspace, in any case. */
  findLabel(teamId: string, name: string): LabelRecord | undefined {
    return [...this.labels.values()].find(
      (label) => label.name.toLowerCase() === name.toLowerCase() && (label.teamId === null || label.teamId === teamId),
    );
  }
}
