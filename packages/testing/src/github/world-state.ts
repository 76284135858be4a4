import type { SavedHistory } from "../fake/versioned-table.ts";
import type { SavedApps } from "./app-table.ts";
import type { SavedCatalog } from "./catalog.ts";
import type {
  CommentRecord,
  HookRecord,
  IssueFate,
  IssueRecord,
  LabelRecord,
  RepositoryAccess,
  RepositoryRecord,
  TokenRecord,
  UserRecord,
} from "./model.ts";

export type IdKind = "user" | "repository" | "label" | "issue" | "comment" | "hook";

type Roles = Readonly<Record<string, RepositoryAccess>>;

/** As the record, with `collaborators` as an object. */
export type SavedRepository = Omit<RepositoryRecord, "collaborators"> & { readonly collaborators: Roles };

/** As the record, with the ids of accounts: the fake tells accounts apart by identity, so each is saved once. */
export type SavedIssue = Omit<IssueRecord, "user" | "closedBy" | "assignees"> & {
  readonly user: number;
  readonly closedBy: number | null;
  readonly assignees: readonly number[];
};

export type SavedComment = Omit<CommentRecord, "user"> & { readonly user: number };

export type SavedToken = Omit<TokenRecord, "user" | "repositories"> & {
  readonly user: number;
  readonly repositories: Roles;
};

/** A whole world as plain JSON. */
export interface WorldState {
  readonly users: readonly UserRecord[];
  readonly repositories: readonly SavedRepository[];
  /** Lower-case `owner/name` and the repository's id; former names too. */
  readonly names: readonly (readonly [name: string, repositoryId: number])[];
  /** What became of each issue number, from 1 on. */
  readonly numbers: readonly {
    readonly repositoryId: number;
    readonly slots: readonly { readonly id: number; readonly fate: IssueFate }[];
  }[];
  readonly issues: readonly SavedHistory<SavedIssue>[];
  readonly labels: readonly SavedHistory<LabelRecord>[];
  readonly comments: readonly SavedHistory<SavedComment>[];
  readonly hooks: readonly HookRecord[];
  readonly tokens: readonly SavedToken[];
  readonly catalog: SavedCatalog;
  readonly apps: SavedApps;
  /** The id given out last. */
  readonly lastIds: Readonly<Record<IdKind, number>>;
}

/** From records to JSON. */
export const savedRecords: {
  repository(repository: RepositoryRecord): SavedRepository;
  issue(issue: IssueRecord): SavedIssue;
  comment(comment: CommentRecord): SavedComment;
  token(token: TokenRecord): SavedToken;
} = {
  repository: (repository) => ({ ...repository, collaborators: Object.fromEntries(repository.collaborators) }),
  issue: (issue) => ({
    ...issue,
    user: issue.user.id,
    closedBy: issue.closedBy?.id ?? null,
    assignees: issue.assignees.map((user) => user.id),
  }),
  comment: (comment) => ({ ...comment, user: comment.user.id }),
  token: (token) => ({ ...token, user: token.user.id, repositories: Object.fromEntries(token.repositories) }),
};

/** And back, with the accounts that ids stand for. */
export function recordsFrom(users: readonly UserRecord[]): {
  repository(saved: SavedRepository): RepositoryRecord;
  issue(saved: SavedIssue): IssueRecord;
  comment(saved: SavedComment): CommentRecord;
  token(saved: SavedToken): TokenRecord;
} {
  const byId = new Map(users.map((user) => [user.id, user]));
  const userOf = (id: number): UserRecord => {
    const user = byId.get(id);
    if (user === undefined) throw new RangeError(`There is no account ${id}`);
    return user;
  };
  return {
    repository: (saved) => ({ ...saved, collaborators: new Map(Object.entries(saved.collaborators)) }),
    issue: (saved) => ({
      ...saved,
      user: userOf(saved.user),
      closedBy: saved.closedBy === null ? null : userOf(saved.closedBy),
      assignees: saved.assignees.map(userOf),
    }),
    comment: (saved) => ({ ...saved, user: userOf(saved.user) }),
    token: (saved) => ({
      ...saved,
      user: userOf(saved.user),
      repositories: new Map(Object.entries(saved.repositories)),
    }),
  };
}
