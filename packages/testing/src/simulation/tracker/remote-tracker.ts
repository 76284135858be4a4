import type { SyncMappingInput } from "@backref/core";
import type { Provider } from "@backref/core/provider";

/** Trackers that a provider of this repository speaks to, over the vendor's fake. */
export type SpokenTrackerName = "azure-devops" | "github" | "gitlab" | "jira" | "linear";

/** Which tracker takes part: a thin one with or without compare-and-set, or the fake of a real one. */
export type TrackerName = "cas" | "plain" | SpokenTrackerName;

/** What the vendors' fakes are spoken to with: this package must not depend on them. Each run takes a new one. */
export type TrackerProviders = Readonly<Partial<Record<SpokenTrackerName, () => Provider>>>;

/** Fields whose history is kept. Values are the tracker's own, as plain text; labels joined by `|`, sorted. */
export const remoteFields = ["title", "description", "status", "priority", "assignee"] as const;
export type RemoteField = (typeof remoteFields)[number];
/** Those that travel in every profile. */
export const usualFields: readonly RemoteField[] = ["title", "description", "status", "priority"];

/** How a request is told apart by what can go wrong with it. */
export type RequestKind = "read" | "list" | "create" | "update" | "comment" | "other";

export interface RequestDescription {
  readonly kind: RequestKind;
  readonly isWrite: boolean;
  /** Reads of comments are not reads of their issue. */
  readonly aspect: "issue" | "comments";
  /** Keys of the issues it is about, where it names them. */
  readonly issues: readonly string[];
  /** How old what it shows is at best. @default 0 */
  readonly lagMs?: number;
  /** A look within a write at what it builds on: nothing else of it is seen. @default false */
  readonly isLook?: boolean;
  /** Of a create: the token in it. */
  readonly token: string | null;
  /** For traces, for example `update 3 {title}`. */
  readonly text: string;
}

/** What the server itself does wrong with one request. */
export interface ServerFault {
  /** Reads show the state of so long ago. */
  readonly staleMs: number;
  /** One field of an update is ignored without a word. */
  readonly dropsField: boolean;
  /** Labels are not made. */
  readonly refusesLabels: boolean;
}

export interface ArrivedRequest {
  readonly input: string | URL | Request;
  readonly init: RequestInit | undefined;
  readonly fault: ServerFault;
  /** Counts requests over the whole run. */
  readonly requestId: number;
}

/** Something that happened at the tracker, in order. */
export type RemoteChange =
  | {
      readonly kind: "field";
      readonly issue: string;
      readonly field: RemoteField;
      readonly value: string;
      readonly before: string | null;
      readonly by: "person" | "engine";
      /** The request that did it; null for people. */
      readonly requestId: number | null;
    }
  | {
      readonly kind: "comment";
      readonly issue: string;
      readonly commentId: string;
      readonly action: "added" | "edited" | "deleted";
      readonly body: string;
      readonly by: "person" | "engine";
      readonly requestId: number | null;
    }
  | {
      readonly kind: "issue";
      readonly issue: string;
      readonly action: "created" | "deleted" | "moved";
      readonly by: "person" | "engine";
      /** The new key of a moved issue. */
      readonly to: string | null;
    };

export interface RemoteCommentState {
  readonly id: string;
  readonly body: string;
  readonly byEngine: boolean;
}

/** An issue as it is now. `key` never changes: a moved issue is another one. */
export interface RemoteIssueState {
  readonly key: string;
  readonly container: string;
  readonly item: string;
  readonly body: string;
  readonly labels: readonly string[];
  readonly fields: Readonly<Record<RemoteField, string>>;
  readonly comments: readonly RemoteCommentState[];
  readonly byEngine: boolean;
  readonly isGone: boolean;
}

/** A delivery ready to be sent. */
export interface PendingDelivery {
  readonly headers: Readonly<Record<string, string>>;
  /** What somebody without the secret sends in their place. @default none: the headers prove the body */
  readonly forgedHeaders?: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What people do in the tracker's own pages. An issue that is gone by then is left alone. */
export interface TrackerPeople {
  setTitle(issue: string, title: string): void;
  setBody(issue: string, change: (body: string) => string): void;
  setStatus(issue: string, status: "open" | "closed", reason: string | null): void;
  /** Takes all priority labels away and sets these; more than one is somebody's mistake. */
  setPriority(issue: string, names: readonly string[]): void;
  addLabel(issue: string, name: string): void;
  assign(issue: string, login: string): void;
  /** Assigns this account and nobody else; an empty one takes everybody off. */
  setAssignee(issue: string, account: string): void;
  comment(issue: string, body: string, visibility: "public" | "internal"): void;
  editComment(issue: string, commentId: string, body: string): void;
  deleteComment(issue: string, commentId: string): void;
  createIssue(title: string, body: string): string;
  deleteIssue(issue: string): void;
  /** To the second container. */
  moveIssue(issue: string): void;
  /** Another issue with the same text, markers and all. */
  copyIssue(issue: string): void;
}

/** A tracker the engine reaches by requests only, while people act on it directly. */
export interface RemoteTracker {
  readonly name: TrackerName;
  readonly provider: Provider;
  /** The same for one more process, which remembers nothing of the others. @default the one there is */
  createProvider?(): Provider;
  readonly baseUrl: string;
  /** What the addresses of its requests begin with. */
  readonly requestUrl: string;
  /** What a source needs beside the defaults. */
  readonly mapping: SyncMappingInput;
  /** Of a source. @default none */
  readonly options?: object;
  /** A value that a link remembers of the tracker, in the words of this tracker's history. @default the same */
  wordOf?(field: RemoteField, remembered: string): string;
  /** An issue's key in this history, of the id that links know it by; null for none. @default they are the same */
  keyOf?(remoteId: string): string | null;
  /** The other way. */
  remoteIdOf?(key: string): string | null;
  /** What people type to name an issue. @default container and item with a `#` between */
  issueText?(issue: Pick<RemoteIssueState, "container" | "item">): string;
  /** Whether assignees can be kept in step with it: an issue has one at most, and its accounts are those of `meaning.ts`. */
  readonly keepsAssignees: boolean;
  /** The first is where issues are made; the second is where they move to. */
  readonly containers: readonly [string, string];
  readonly capabilities: { readonly compareAndSet: boolean; readonly priority: "labels" | "field" };
  /** What a source is given; each generation is another token of the same account. */
  credential(generation: number): unknown;
  /** Only this generation is accepted from now on; null for none. */
  accept(generation: number | null): void;
  /** The container does not answer while it is lost. */
  loseContainer(isLost: boolean): void;
  describe(input: string | URL | Request, init: RequestInit | undefined): RequestDescription;
  /** Fields that an update would set to what they are already; empty for other requests and where nobody can tell. */
  idleFields(input: string | URL | Request, init: RequestInit | undefined): readonly RemoteField[];
  /** Applies a request now and answers. */
  handle(request: ArrivedRequest): Promise<Response>;
  /** Answers with a rate limit, as this tracker would. */
  limited(kind: "primary" | "secondary", retryAfterSeconds: number): Response;
  readonly people: TrackerPeople;
  issue(key: string): RemoteIssueState | null;
  issues(): readonly RemoteIssueState[];
  /** True where a comment is not for everybody. */
  isInternalComment(commentId: string): boolean;
  onChange(listener: (change: RemoteChange) => void): void;
  /** Called for each delivery that a hook would get. */
  onDelivery(listener: (delivery: PendingDelivery) => void): void;
  /** Secret of the hook, as the source was told; deliveries are signed with it. */
  setHookSecret(secret: string): void;
  /** What the engine's requests did that the vendor's contract forbids. */
  violations(): readonly string[];
}
