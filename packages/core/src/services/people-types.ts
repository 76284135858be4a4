import type { Page, PageRequest } from "../domain/page.ts";

/** An account at a source's tracker, and the user of yours that it belongs to. */
export interface Identity {
  /** The account's immutable id at the tracker. */
  readonly remoteId: string;
  /** Id of a user of yours. */
  readonly userId: string;
  /** The account by which the user is assigned; each user with an account has exactly one of these. */
  readonly isPrimary: boolean;
  /** As the tracker called it when this was last set; null where nobody has said. */
  readonly login: string | null;
  readonly displayName: string;
  readonly avatarUrl: string | null;
}

/** Whose an account is. */
export interface IdentityInput {
  readonly remoteId: string;
  readonly userId: string;
  /** @default true for a user's first account, else as it was */
  readonly isPrimary?: boolean;
  /** What is absent stays as it was. @default null */
  readonly login?: string | null;
  /** @default the login, else the id */
  readonly displayName?: string;
  /** @default null */
  readonly avatarUrl?: string | null;
}

/** Someone who can be assigned. */
export interface FoundPerson {
  readonly remoteId: string;
  readonly login: string | null;
  readonly displayName: string;
  readonly avatarUrl: string | null;
  /** The user of yours that the account belongs to; null where nobody has said so. */
  readonly userId: string | null;
}

/** Where, and by what, people are looked for. */
export interface PeopleSearchRequest {
  readonly sourceId: string;
  /** Whose container is looked in: that of the project's target. */
  readonly projectId: string;
  /** Part of a login or name. @default "", which finds everybody */
  readonly text?: string;
  /** 1 to 100. @default 20 */
  readonly limit?: number;
}

/** Users for whom accounts are looked for. */
export interface SuggestRequest {
  readonly sourceId: string;
  readonly projectId: string;
  /** Your users, at most 1,000. */
  readonly users: readonly { readonly userId: string; readonly email: string }[];
  /** Sets what is suggested. Trackers show addresses that nobody may have checked. @default false */
  readonly apply?: boolean;
}

/** An account that has the same e-mail address as a user of yours. */
export interface IdentitySuggestion {
  readonly userId: string;
  readonly person: FoundPerson;
}

/** Who is who between each source's tracker and the host. */
export interface PeopleService {
  /** Accounts with a user of yours, oldest first. @param request.userId only this user's */
  list(request: PageRequest & { readonly sourceId: string; readonly userId?: string }): Promise<Page<Identity>>;
  /**
   * Says whose an account is. An account has one user; one that had another changes hands. Nothing is sent or applied by that:
   * fields count as agreed on as they are, but for defects whose assignee was waiting for an account.
   */
  set(request: IdentityInput & { readonly sourceId: string }): Promise<Identity>;
  /** The same for up to 1,000 accounts, all or none. Answers with all of them, in order. */
  setMany(request: {
    readonly sourceId: string;
    readonly people: readonly IdentityInput[];
  }): Promise<readonly Identity[]>;
  /** Forgets whose an account is, or all accounts of a user. Assignees stay as they are on both sides. */
  remove(
    request: { readonly sourceId: string } & (
      | { readonly remoteId: string; readonly userId?: never }
      | { readonly userId: string; readonly remoteId?: never }
    ),
  ): Promise<{ readonly removed: number }>;
  /** For a picker: who can be assigned where a project's issues are, each with their user. Asks the tracker. */
  search(request: PeopleSearchRequest): Promise<readonly FoundPerson[]>;
  /**
   * Accounts that have the same e-mail address as users of yours, where the tracker shows addresses. Accounts and users that
   * have each other already, and addresses that several have, are left out.
   */
  suggest(request: SuggestRequest): Promise<readonly IdentitySuggestion[]>;
}
