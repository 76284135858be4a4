import type { DefaultVocabulary, Limits, PriorityMapping, PriorityOf } from "@backref/core";
import type { Provider } from "@backref/core/provider";

/** An issue as somebody sees it in the tracker's pages, read past Backref. */
export interface SeenIssue {
  readonly title: string;
  readonly state: "open" | "closed";
  /** As `Tracker.priorityNames` has them; several are somebody's mistake. */
  readonly priorities: readonly string[];
  readonly comments: readonly string[];
}

/** Somebody who works at the tracker and has never heard of Backref: plain requests, not counted as Backref's. */
export interface Person {
  closeIssue(issue: number): Promise<void>;
  comment(issue: number, body: string): Promise<void>;
  /** @param before the one it has */
  setPriority(issue: number, before: string, after: string): Promise<void>;
  look(issue: number): Promise<SeenIssue>;
}

/** The tracker that the story plays on. There is a file for each in `trackers/`. */
export interface Tracker {
  /** What people call it. */
  readonly product: string;
  /** The provider's id. */
  readonly provider: string;
  readonly createProvider: () => Provider;
  /** For the first lines of the output. */
  readonly description: string;
  /** What a source needs to get there. */
  readonly connection: { readonly baseUrl: string; readonly options: object; readonly auth: object };
  /** Where issues are made, such as `owner/name`. */
  readonly container: string;
  /** What our priorities are called there. */
  readonly priorityNames: Readonly<Record<PriorityOf<DefaultVocabulary>, string>>;
  /** @default the provider's own */
  readonly priorityMapping?: readonly PriorityMapping[];
  readonly person: Person;
  readonly isPrivateAddress: boolean;
  /** Whether it can reach a webhook receiver in this process; if not, it is polled. */
  readonly sendsWebhooks: boolean;
  readonly limits: Partial<Limits>;
  /** How long the two sides may take to agree. */
  readonly patienceMs: number;
  close(): Promise<void>;
}

/** A tracker that is not open yet. */
export interface TrackerChoice {
  /** Tells it from every other; fit for a folder. */
  readonly name: string;
  /** False where it forgets everything with the run, and so Backref has to. */
  readonly isKept: boolean;
  open(data: { readonly folder: string; readonly isNew: boolean }): Promise<Tracker>;
}

export type Environment = Readonly<Record<string, string | undefined>>;
