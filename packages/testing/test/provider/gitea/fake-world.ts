import type { WebhookDelivery } from "@backref/core/provider";
import { GiteaHook } from "./fake-hook.ts";

export interface GiteaUser {
  readonly id: number;
  readonly login: string;
}

export interface GiteaLabel {
  readonly id: number;
  readonly name: string;
  readonly color: string;
}

export interface GiteaComment {
  readonly id: number;
  readonly issueIndex: number;
  readonly user: GiteaUser;
  readonly createdAt: number;
  body: string;
  updatedAt: number;
}

export interface GiteaIssue {
  readonly id: number;
  readonly index: number;
  readonly user: GiteaUser;
  readonly isPull: boolean;
  readonly createdAt: number;
  title: string;
  body: string;
  state: "open" | "closed";
  labels: GiteaLabel[];
  assignees: readonly GiteaUser[];
  milestone: GiteaMilestone | null;
  priority: string | null;
  updatedAt: number;
}

export interface GiteaFile {
  readonly id: number;
  readonly issueIndex: number;
  readonly fileName: string;
  readonly content: Uint8Array;
  readonly createdAt: number;
}

export interface GiteaMilestone {
  readonly id: number;
  readonly title: string;
}

export interface GiteaEvent {
  readonly event: "issues" | "issue_comment" | "push";
  readonly action: string;
  readonly issue?: GiteaIssue;
  readonly comment?: GiteaComment;
}

export interface GiteaDraft {
  readonly title: string;
  readonly body: string;
  readonly labels?: readonly GiteaLabel[];
  readonly assignees?: readonly GiteaUser[];
  readonly milestone?: GiteaMilestone | null;
  readonly priority?: string | null;
  readonly isPull?: boolean;
}

/** Values of the field that some installations give their issues. */
export const priorities: readonly [string, string] = ["Urgent", "Later"];

/** One repository's worth of a Gitea: issues and pull requests with one numbering, times in whole seconds. */
export class GiteaWorld {
  readonly issues: Map<number, GiteaIssue> = new Map();
  readonly comments: Map<number, GiteaComment> = new Map();
  readonly labels: GiteaLabel[] = [];
  readonly account: GiteaUser = { id: 7, login: "backref-bot" };
  readonly person: GiteaUser = { id: 8, login: "ann" };
  /** Who can be assigned. */
  readonly people: GiteaUser[] = [this.account, this.person];
  readonly milestones: readonly GiteaMilestone[] = [
    { id: 31, title: "1.4" },
    { id: 32, title: "1.5" },
  ];
  readonly files: GiteaFile[] = [];
  /** Whether new issues need one. */
  needsMilestone = false;
  readonly hook: GiteaHook = new GiteaHook();
  /** Whether the hook is an app's, and none of the repository's. */
  isApp = false;
  /** Whether the account may set labels and make them. */
  mayLabel = true;
  readonly #now: () => number;
  readonly #emit: (event: GiteaEvent) => void;
  #lastIndex = 0;
  #lastId = 1_000;

  constructor(now: () => number, emit: (event: GiteaEvent) => void) {
    this.#now = now;
    this.#emit = emit;
  }

  deliver(delivery: WebhookDelivery): void {
    this.hook.send(delivery, this.#now());
  }

  stamp(): number {
    return Math.floor(this.#now() / 1_000) * 1_000;
  }

  createIssue(user: GiteaUser, draft: GiteaDraft): GiteaIssue {
    const at = this.stamp();
    const { title, body, labels = [], assignees = [], milestone = null, priority = null, isPull = false } = draft;
    const index = ++this.#lastIndex;
    const issue: GiteaIssue = {
      id: ++this.#lastId,
      index,
      user,
      isPull,
      createdAt: at,
      title,
      body,
      state: "open",
      labels: [...labels],
      assignees,
      milestone,
      priority,
      updatedAt: at,
    };
    this.issues.set(index, issue);
    this.#emit({ event: "issues", action: "opened", issue });
    return issue;
  }

  changeIssue(
    issue: GiteaIssue,
    change: Partial<Pick<GiteaIssue, "title" | "body" | "state" | "labels" | "priority">>,
  ): void {
    const { state, labels } = change;
    const turned = state !== undefined && state !== issue.state;
    Object.assign(issue, change, { updatedAt: this.stamp() });
    const action = turned ? (state === "closed" ? "closed" : "reopened") : labels ? "label_updated" : "edited";
    this.#emit({ event: "issues", action, issue });
  }

  deleteIssue(issue: GiteaIssue): void {
    this.issues.delete(issue.index);
    for (const comment of this.commentsOf(issue)) this.comments.delete(comment.id);
    this.#emit({ event: "issues", action: "deleted", issue });
  }

  addFile(issue: GiteaIssue, fileName: string, content: Uint8Array): GiteaFile {
    const file = { id: ++this.#lastId, issueIndex: issue.index, fileName, content, createdAt: this.stamp() };
    this.files.push(file);
    return file;
  }

  filesOf(issue: GiteaIssue): readonly GiteaFile[] {
    return this.files.filter(({ issueIndex }) => issueIndex === issue.index);
  }

  addPerson(login: string): GiteaUser {
    const person = { id: ++this.#lastId, login };
    this.people.push(person);
    return person;
  }

  ensureLabel(name: string, color = "ededed"): GiteaLabel {
    const known = this.labels.find((label) => label.name === name);
    if (known !== undefined) return known;
    const label = { id: ++this.#lastId, name, color };
    this.labels.push(label);
    return label;
  }

  commentsOf(issue: GiteaIssue): readonly GiteaComment[] {
    return [...this.comments.values()].filter((comment) => comment.issueIndex === issue.index);
  }

  comment(user: GiteaUser, issue: GiteaIssue, body: string): GiteaComment {
    const at = this.stamp();
    const comment = { id: ++this.#lastId, issueIndex: issue.index, user, createdAt: at, body, updatedAt: at };
    this.comments.set(comment.id, comment);
    issue.updatedAt = at;
    this.#emit({ event: "issue_comment", action: "created", issue, comment });
    return comment;
  }

  editComment(comment: GiteaComment, body: string): void {
    Object.assign(comment, { body, updatedAt: this.stamp() });
    const issue = this.issues.get(comment.issueIndex);
    if (issue !== undefined) this.#emit({ event: "issue_comment", action: "edited", issue, comment });
  }

  deleteComment(comment: GiteaComment): void {
    this.comments.delete(comment.id);
    const issue = this.issues.get(comment.issueIndex);
    if (issue !== undefined) this.#emit({ event: "issue_comment", action: "deleted", issue, comment });
  }

  push(): void {
    this.#emit({ event: "push", action: "" });
  }
}
