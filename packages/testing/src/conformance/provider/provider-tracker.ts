import type { StatusCategory, WebhookDelivery } from "@backref/core/provider";

/** What can go wrong with one request. */
export type TrackerFault =
  /** The connection drops; nothing was applied. */
  | "lost-before"
  /** The connection drops after everything was applied. */
  | "lost-after"
  /** Status 500; nothing was applied. */
  | "status-500"
  /** Refused as the tracker refuses too many requests, naming a time; nothing was applied. */
  | "rate-limit"
  /** Refused as the tracker refuses a credential that it no longer accepts. */
  | "unauthorized"
  /** Refused as the tracker refuses a credential that may not do this. */
  | "forbidden";

/** A comment as a person at the tracker sees it. */
export interface TrackerComment {
  /** As the provider's `RemoteComment.remoteId`. */
  readonly id: string;
  readonly body: string;
}

/** An issue as the tracker itself has it, in plain words. */
export interface TrackerIssue {
  /** As the provider's `IssueLocation.item`. */
  readonly item: string;
  readonly title: string;
  /** Markdown; empty string for none. */
  readonly body: string;
  readonly state: StatusCategory;
  readonly labels: readonly string[];
  /** Oldest first. */
  readonly comments: readonly TrackerComment[];
  /** As the provider's snapshots name it, null for none. Needed where priorities are a field. */
  readonly priority?: string | null;
}

/** A file at an issue, as the tracker itself has it. */
export interface TrackerFile {
  /** As the provider's `RemoteAttachment.remoteId`. */
  readonly id: string;
  readonly fileName: string;
  /** Null where the tracker keeps none of what it is told. */
  readonly contentType: string | null;
  readonly content: Uint8Array;
}

/** An issue that a person creates at the tracker. */
export interface TrackerIssueDraft {
  readonly title: string;
  readonly body: string;
  /** Made where there are none of that name. @default [] */
  readonly labels?: readonly string[];
}

/** What is needed of a tracker that sends webhooks: to the app's own hook where the credential under test is an app's. */
export interface WebhookDriver {
  /** What deliveries are signed with. */
  readonly secret: string;
  /** Runs the change and answers with what the tracker sent because of it, in order. */
  capture(change: () => Promise<unknown>): Promise<readonly WebhookDelivery[]>;
  /** The same delivery once more, as the tracker repeats one. */
  redeliver(delivery: WebhookDelivery): Promise<WebhookDelivery>;
  /** A genuine delivery of an event that concerns no issue, such as a ping. */
  unrelated(): Promise<WebhookDelivery>;
  /** Needed where the provider has `webhooks.redeliver`. */
  readonly redelivery?: RedeliveryDriver;
}

/** What is needed of a tracker that sends again when asked. Whatever comes because of it, `capture` answers with. */
export interface RedeliveryDriver {
  /** Where the hook is, as `webhooks.redeliver` is asked; null with an endpoint that is null for the app's own hook. */
  readonly container: string | null;
  readonly endpoint: string | null;
  /** Runs the change while nobody takes deliveries; answers with what was sent in vain, in order. */
  miss(change: () => Promise<unknown>): Promise<readonly WebhookDelivery[]>;
}

/** What is needed of a tracker that people sign in to by redirect. */
export interface SignInDriver {
  /** Where the tracker sends people back to, as the provider's application is registered there. */
  readonly redirectUrl: string;
  /** What only the application and the tracker know, such as its client secret. */
  readonly applicationSecrets: readonly string[];
  /** Somebody opens the URL in their browser and agrees. Answers with the URL that the tracker sends them to. */
  agree(url: string): Promise<string>;
  /** They take the consent back: nothing that came of it is accepted any more. */
  revoke(): Promise<void>;
}

/**
 * The driver of the tracker behind a provider, real or fake: the conformance suite acts and looks through it, past the
 * provider. All of it concerns the container under test. Whatever it does, it does as somebody else than the account of
 * the provider's credential, and none of it counts as a request.
 *
 * A member that is missing fails the rules that need it, unless the provider declares that it lacks what they are about.
 */
export interface ProviderTracker {
  /** The tracker's clock, milliseconds since 1970 UTC. */
  now(): number;
  /** Moves the tracker's clock, and that of the provider's calls. Absent: the rules wait in real time. */
  advance?(durationMs: number): Promise<void>;

  /** Answers with the new issue's item. */
  createIssue(draft: TrackerIssueDraft): Promise<string>;
  /** A person changes title or body; what is absent stays. */
  editIssue(item: string, edit: { readonly title?: string; readonly body?: string }): Promise<void>;
  /** A person closes the issue, with whatever reason is usual. */
  closeIssue(item: string): Promise<void>;
  /** The issue as it is now; null where there is none. */
  readIssue(item: string): Promise<TrackerIssue | null>;
  /** Items of all issues there are, in any order; what merely stands among them in lists is left out. */
  listIssues(): Promise<readonly string[]>;
  /** Answers with what the tracker says of the issue from then on. Needed with the group `read`. */
  deleteIssue?(item: string): Promise<"deleted" | "no-access">;
  /** Moves the issue to `otherContainer`. Needed with the group `read` where there is another container. */
  moveIssue?(item: string): Promise<void>;

  /** Needed where the provider has the group `labels` or keeps priorities in labels. */
  addLabel?(item: string, label: string): Promise<void>;
  /** As `addLabel`. */
  removeLabel?(item: string, label: string): Promise<void>;
  /** From now on the account may neither make labels nor set them; issues are taken without. As `addLabel`. */
  refuseLabels?(): Promise<void>;
  /** Needed with the group `labels`. Colours are six hexadecimal digits, lower case. */
  createLabel?(label: { readonly name: string; readonly color: string }): Promise<void>;
  /** Needed with the group `labels`. */
  readLabels?(): Promise<readonly { readonly name: string; readonly color: string }[]>;

  /** Sets a value of `priorities`, or takes it away. Needed where priorities are a field. */
  setPriority?(item: string, priority: string | null): Promise<void>;

  /**
   * Makes somebody of this name assignable, nobody with the name being there yet; answers with their id, as the provider's
   * `RemotePerson.id`. Needed with the group `people`.
   */
  addPerson?(name: string): Promise<string>;

  /** Answers with the new comment's id. Needed with the group `comments`. */
  comment?(item: string, body: string): Promise<string>;
  /** Needed with the group `comments`, where comments can be edited. */
  editComment?(item: string, commentId: string, body: string): Promise<void>;
  /** Needed with the group `comments`, where comments can be deleted. */
  deleteComment?(item: string, commentId: string): Promise<void>;

  /** The files of an issue, oldest first. Needed with the group `attachments`. */
  readFiles?(item: string): Promise<readonly TrackerFile[]>;

  /**
   * From now on the tracker refuses new issues without some field, which it took before; answers with the field's id in the
   * form. Needed where the provider declares `requiredFields`.
   */
  requireField?(): Promise<string>;

  /** A point in the list of requests. 0 is when the provider was made. */
  mark(): number;
  /** Requests that arrived since. */
  countRequests(mark: number): number;
  /** Arms a fault for one request: the next, or the next that may change something. */
  failNext(fault: TrackerFault, meets: "any" | "write"): void;

  /** Needed with the group `webhooks`. */
  readonly webhooks?: WebhookDriver;
  /** Needed with the group `authorization`. */
  readonly signIn?: SignInDriver;
}
