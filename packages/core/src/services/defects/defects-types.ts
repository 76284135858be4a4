import type { SyncField } from "../../domain/fields.ts";
import type { Page, PageRequest } from "../../domain/page.ts";
import type { PriorityOf, StatusOf, Vocabulary } from "../../domain/vocabulary.ts";
import type { BlockedReason, LinkStatus } from "../../engine/link-status.ts";
import type { Issue } from "../../issues/issue.ts";

/** The host-side record of a fault, in Backref's own tables. Times are milliseconds since 1970 UTC. */
export interface Defect<Words extends Vocabulary = Vocabulary> {
  readonly id: string;
  readonly projectId: string;
  readonly title: string;
  /** Markdown. */
  readonly description: string;
  readonly status: StatusOf<Words>;
  readonly priority: PriorityOf<Words> | null;
  /** Id of a user of yours; null for nobody. */
  readonly assignee: string | null;
  readonly revision: string;
  readonly createdBy: string | null;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** One failing result of a defect. */
export interface Occurrence {
  readonly id: string;
  readonly caseId: string;
  readonly runId: string | null;
  readonly resultId: string | null;
  readonly at: number;
}

/** How a defect and an issue stand: everything a screen shows, in one object. */
export interface SyncLink {
  readonly id: string;
  readonly defectId: string;
  readonly sourceId: string;
  readonly status: LinkStatus;
  readonly blockedBy: BlockedReason | null;
  /** Null until the issue exists. */
  readonly issue: Issue | null;
  /** What to show beside the defect, for example `#12` and its URL; null until the issue exists. */
  readonly badge: { readonly text: string; readonly url: string } | null;
  /** What is wrong, in words that say what to do; null where nothing is. */
  readonly message: string | null;
  /** The field that `message` is about. */
  readonly field: string | null;
  /** When it is tried again by itself, milliseconds since 1970 UTC by the storage's clock; null for never. */
  readonly retryAt: number | null;
  /** Values the other side did not take, and why. */
  readonly refused: readonly { readonly field: string; readonly reason: string }[];
  /** Fields in conflict, which travel again once `resolve` is called. */
  readonly frozenFields: readonly SyncField[];
  readonly syncedAt: number | null;
  readonly createdAt: number;
}

export interface CreateDefectInput<Words extends Vocabulary = Vocabulary> {
  readonly projectId: string;
  readonly title: string;
  /** @default "" */
  readonly description?: string;
  /** @default the vocabulary's first open status */
  readonly status?: StatusOf<Words>;
  /** @default null */
  readonly priority?: PriorityOf<Words> | null;
  /** Id of a user of yours. @default null */
  readonly assignee?: string | null;
}

/** What is absent stays as it is. */
export interface UpdateDefectInput<Words extends Vocabulary = Vocabulary> {
  readonly title?: string;
  readonly description?: string;
  readonly status?: StatusOf<Words>;
  readonly priority?: PriorityOf<Words> | null;
  readonly assignee?: string | null;
}

export interface ReportInput<Words extends Vocabulary = Vocabulary> {
  readonly projectId: string;
  readonly failure: {
    readonly caseId: string;
    readonly runId?: string;
    /** Reporting the same result twice adds nothing. */
    readonly resultId?: string;
    readonly title: string;
    /** Message and stack, plain text. @default "" */
    readonly details?: string;
    /** What makes two failures the same. @default computed from case, title and the shape of the details */
    readonly fingerprint?: string;
    /** When it failed, milliseconds since 1970 UTC. @default now */
    readonly at?: number;
  };
  readonly priority?: PriorityOf<Words> | null;
  /** What happens when the failure is known from a closed defect. @default "new" */
  readonly whenClosed?: "new" | "reopen";
}

export interface PushOptions {
  /** @default the only source with a target for the defect's project */
  readonly sourceId?: string;
  /** How long to work before returning whatever is true by then, milliseconds. @default `limits.pushWaitMs` */
  readonly waitMs?: number;
  /** A serverless host's way to let work go on after the answer. */
  readonly waitUntil?: (task: Promise<unknown>) => void;
  /** After a detach: the same issue again, or a new one. Never chosen silently. */
  readonly afterDetach?: "reattach" | "new";
}

/** What can be done with a defect whoever owns it. */
export interface DefectLinksService {
  /**
   * Makes an issue of the defect, or brings the one it has up to date. Pushing twice gives the same link.
   * Trouble at the tracker is a status of the link, not an exception.
   * @throws BackrefError `not-found`, `permission-denied`, `target-missing`, `source-not-runnable`, `capability-missing`, `link-detached`
   */
  push(defectId: string, options?: PushOptions): Promise<SyncLink>;
  /**
   * Keeps the defect in step with an issue that exists. Where they differ at first, the mapping's conflict policy decides
   * (the tracker's value by default) and the loser is kept in the activity log.
   * @throws BackrefError `issue-not-recognised`, `issue-not-found`, `issue-already-linked` (a reference was made instead)
   */
  attach(
    defectId: string,
    request: { readonly sourceId: string; readonly issue: string; readonly waitMs?: number },
  ): Promise<SyncLink>;
  /** Ends the link; issue and history stay. */
  detach(linkId: string): Promise<SyncLink>;
  /** Links of a defect, ended ones too, oldest first. */
  links(defectId: string): Promise<readonly SyncLink[]>;
  link(linkId: string): Promise<SyncLink>;
  pause(linkId: string): Promise<SyncLink>;
  /** Catches up with both sides. */
  resume(linkId: string): Promise<SyncLink>;
  /** Tries again what failed or was refused. */
  retry(linkId: string): Promise<SyncLink>;
  /** Ends a conflict: the chosen side's value goes to the other. */
  resolve(
    linkId: string,
    request: { readonly field: SyncField; readonly winner: "local" | "remote" },
  ): Promise<SyncLink>;
  /**
   * For hosts with defects of their own: these changed. Backref's own tables need no notice. Defects without links, and
   * those out of reach, are passed over.
   */
  changed(defectIds: readonly string[]): Promise<void>;
}

/** What can be done with defects in Backref's own tables. */
export interface DefectsService<Words extends Vocabulary = Vocabulary> extends DefectLinksService {
  create(input: CreateDefectInput<Words>): Promise<Defect<Words>>;
  get(defectId: string): Promise<Defect<Words>>;
  list(request: PageRequest & { readonly projectId: string }): Promise<Page<Defect<Words>>>;
  /** @throws BackrefError `storage-conflict` where `expectedRevision` is given and is not the current one */
  update(
    defectId: string,
    input: UpdateDefectInput<Words>,
    options?: { readonly expectedRevision?: string },
  ): Promise<Defect<Words>>;
  /** Its links end; issues stay. */
  delete(defectId: string): Promise<void>;
  /** Adds an occurrence to the open defect of a known failure, or makes a defect. Safe to call at once from many places. */
  report(input: ReportInput<Words>): Promise<{ readonly defect: Defect<Words>; readonly created: boolean }>;
  /** Oldest first. */
  occurrences(defectId: string): Promise<readonly Occurrence[]>;
}
