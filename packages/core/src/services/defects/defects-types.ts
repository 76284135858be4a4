import type { SyncField } from "../../domain/fields.ts";
import type { JsonObject } from "../../domain/json.ts";
import type { Page, PageRequest } from "../../domain/page.ts";
import type { PriorityOf, StatusOf, Vocabulary } from "../../domain/vocabulary.ts";
import type { BlockedReason, LinkStatus } from "../../engine/link-status.ts";
import type { BackrefError } from "../../errors/backref-error.ts";
import type { Issue } from "../../issues/issue.ts";
import type { PushForm, PushFormRequest } from "../forms/form-types.ts";
import type { Progress } from "../progress.ts";

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
  /** Another one after every change; for `expectedRevision` of `update`. */
  readonly revision: string;
  /** Id of a user of yours; null for the system. */
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
  /** When it failed, milliseconds since 1970 UTC. */
  readonly at: number;
}

/** How a defect and an issue stand: everything a screen shows, in one object. */
export interface SyncLink {
  readonly id: string;
  readonly defectId: string;
  readonly sourceId: string;
  readonly status: LinkStatus;
  /** What stands against it where `status` is `blocked`; else null. */
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
  /** Files that were given with pushes, in order. */
  readonly attachments: readonly LinkFile[];
  /** Fields in conflict, which travel again once `resolve` is called. */
  readonly frozenFields: readonly SyncField[];
  /** When both sides were last compared and nothing failed, milliseconds since 1970 UTC; null for never. */
  readonly syncedAt: number | null;
  /** Milliseconds since 1970 UTC. */
  readonly createdAt: number;
}

/** A new defect. For a failing result use `report`, which finds known ones. */
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

/** What is to change of a defect. What is absent stays as it is. */
export interface UpdateDefectInput<Words extends Vocabulary = Vocabulary> {
  readonly title?: string;
  readonly description?: string;
  readonly status?: StatusOf<Words>;
  readonly priority?: PriorityOf<Words> | null;
  readonly assignee?: string | null;
}

/** A failing result, and what its defect is to be like if it is a new one. */
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
  /** Of a new defect; a known one keeps its own. @default null */
  readonly priority?: PriorityOf<Words> | null;
  /** What happens when the failure is known from a closed defect. @default "new" */
  readonly whenClosed?: "new" | "reopen";
}

/** A file of the host's for an issue. Its content is read by the option `attachments` of `createBackref`, when it is sent. */
export interface PushAttachment {
  /** The host's own word for the file, by which its content is read; unique within a link. */
  readonly reference: string;
  /** What the file is called at the tracker; without path. */
  readonly fileName: string;
  /** @default "application/octet-stream" */
  readonly contentType?: string;
  readonly sizeBytes: number;
}

/** How a file of a link stands. */
export interface LinkFile {
  readonly reference: string;
  readonly fileName: string;
  readonly contentType: string;
  readonly sizeBytes: number;
  /** `upload`: the file goes to the tracker. `link`: an address of the host's stands in the issue. */
  readonly by: "upload" | "link";
  /** `unknown`: it was sent and no answer came; the tracker is asked before it is sent again. */
  readonly status: "waiting" | "unknown" | "sent" | "refused";
  /** Why it was refused, in words. */
  readonly reason: string | null;
  /** Where people find it; null until it is sent, and where it has no address. */
  readonly url: string | null;
}

/** How a defect is pushed. Everything may be left out where the project has one target. */
export interface PushOptions {
  /** @default the only source with a target for the defect's project */
  readonly sourceId?: string;
  /** How long to work before returning whatever is true by then, milliseconds. @default `limits.pushWaitMs` */
  readonly waitMs?: number;
  /** A serverless host's way to let work go on after the answer. */
  readonly waitUntil?: (task: Promise<unknown>) => void;
  /**
   * Values of a new issue's fields, by id, as `pushForm` describes them; `labels` is a list of names. Over the target's
   * defaults; null takes a default away. Checked against the form where it is known or can be read.
   */
  readonly fields?: JsonObject;
  /** Files for the issue. A `reference` that the link has already changes nothing. @default none */
  readonly attachments?: readonly PushAttachment[];
  /** After a detach: the same issue again, or a new one. Never chosen silently. */
  readonly afterDetach?: "reattach" | "new";
}

/** Fields and files are one defect's own: they are given to `push`. */
export interface PushManyOptions extends Omit<PushOptions, "fields" | "attachments"> {
  /** How long to work altogether before the rest is left to the workers, milliseconds. @default `limits.pushWaitMs` */
  readonly waitMs?: number;
  /** Told after each batch. What it throws ends the call; what was committed stays. */
  readonly onProgress?: (progress: Progress) => unknown;
  /** Ends the call early, which is no error: nothing new is begun, and what was goes on in the background. */
  readonly signal?: AbortSignal;
}

/** What became of one defect of many. */
export type PushOutcome =
  | { readonly status: "pushed"; readonly defectId: string; readonly link: SyncLink }
  | { readonly status: "refused"; readonly defectId: string; readonly error: BackrefError }
  /** The signal was aborted before its turn; nothing of it has changed. */
  | { readonly status: "not-begun"; readonly defectId: string };

/** What can be done with a defect whoever owns it. */
export interface DefectLinksService {
  /**
   * Makes an issue of the defect, or brings the one it has up to date. Pushing twice gives the same link.
   * Trouble at the tracker is a status of the link, not an exception.
   * @throws BackrefError `not-found`, `permission-denied`, `target-missing`, `source-not-runnable`, `capability-missing`,
   * `link-detached`, `invalid-input` (which names the field or file)
   * @example
   * ```ts
   * import type { Backref } from "@backref/core";
   *
   * declare const app: ReturnType<Backref["as"]>;
   *
   * const link = await app.defects.push("0199c0de-0000-7000-8000-000000000002");
   * console.log(link.badge === null ? (link.message ?? link.status) : `${link.badge.text} ${link.badge.url}`);
   * ```
   */
  push(defectId: string, options?: PushOptions): Promise<SyncLink>;
  /**
   * Pushes up to 1,000 defects, in batches of `limits.claimBatch`: each batch is committed, and worked on while there is time
   * and the tracker's limits have room. What is left is work like any other, of this or another worker. One outcome per id,
   * in order; one that is refused harms no other. The same call again goes on with what was not begun and changes nothing else.
   * @throws BackrefError `invalid-input`; what concerns one defect is its outcome
   * @example
   * ```ts
   * import type { Backref } from "@backref/core";
   *
   * declare const app: ReturnType<Backref["as"]>;
   *
   * declare const defectIds: readonly string[];
   * const outcomes = await app.defects.pushMany(defectIds, { onProgress: ({ done, total }) => console.log(done, total) });
   * for (const outcome of outcomes) if (outcome.status === "refused") console.warn(outcome.defectId, outcome.error.message);
   * ```
   */
  pushMany(defectIds: readonly string[], options?: PushManyOptions): Promise<readonly PushOutcome[]>;

  /**
   * What the tracker wants to know of a new issue in the project's target, for the form before a push. At most one request, and
   * none while the stored answer is newer than `limits.formMaxAgeMs`; an older one is shown and read anew behind the scenes.
   * @throws BackrefError `permission-denied`, `target-missing`, `source-not-runnable`, `capability-missing`, and what the
   * provider throws where nothing is known yet
   */
  pushForm(request: PushFormRequest): Promise<PushForm>;
  /**
   * Keeps the defect in step with an issue that exists. Where they differ at first, the mapping's conflict policy decides
   * (the tracker's value by default) and the loser is kept in the activity log.
   * @throws BackrefError `issue-not-recognised`, `issue-not-found`, `issue-already-linked` (a reference was made instead)
   * @example
   * ```ts
   * import type { Backref } from "@backref/core";
   *
   * declare const app: ReturnType<Backref["as"]>;
   *
   * const sourceId = "0199c0de-0000-7000-8000-000000000001";
   * const link = await app.defects.attach("0199c0de-0000-7000-8000-000000000002", { sourceId, issue: "#123" });
   * ```
   */
  attach(
    defectId: string,
    request: { readonly sourceId: string; readonly issue: string; readonly waitMs?: number },
  ): Promise<SyncLink>;
  /** Ends the link; issue and history stay. */
  detach(linkId: string): Promise<SyncLink>;
  /** Links of a defect, ended ones too, oldest first. */
  links(defectId: string): Promise<readonly SyncLink[]>;
  /** One link, as it stands now. @throws BackrefError `not-found` */
  link(linkId: string): Promise<SyncLink>;
  /** Nothing travels either way until `resume`. Twice is harmless. */
  pause(linkId: string): Promise<SyncLink>;
  /** Catches up with both sides. */
  resume(linkId: string): Promise<SyncLink>;
  /** Tries again what failed or was refused. */
  retry(linkId: string): Promise<SyncLink>;
  /**
   * Ends a conflict: the chosen side's value goes to the other.
   * @example
   * ```ts
   * import type { Backref } from "@backref/core";
   *
   * declare const app: ReturnType<Backref["as"]>;
   *
   * const link = await app.defects.link("0199c0de-0000-7000-8000-000000000003");
   * for (const field of link.frozenFields) await app.defects.resolve(link.id, { field, winner: "remote" });
   * ```
   */
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
  /**
   * Makes a defect. It has no issue until it is pushed.
   * @example
   * ```ts
   * import type { Backref } from "@backref/core";
   *
   * declare const app: ReturnType<Backref["as"]>;
   *
   * const defect = await app.defects.create({ projectId: "web", title: "Total is wrong", priority: "major" });
   * ```
   */
  create(input: CreateDefectInput<Words>): Promise<Defect<Words>>;
  /** One defect. @throws BackrefError `not-found` */
  get(defectId: string): Promise<Defect<Words>>;
  /** Defects of a project, oldest first. */
  list(request: PageRequest & { readonly projectId: string }): Promise<Page<Defect<Words>>>;
  /**
   * Changes what is given; what changed goes out to the issues by itself.
   * @throws BackrefError `storage-conflict` where `expectedRevision` is given and is not the current one
   */
  update(
    defectId: string,
    input: UpdateDefectInput<Words>,
    options?: { readonly expectedRevision?: string },
  ): Promise<Defect<Words>>;
  /** Removes a defect with its comments and occurrences. Its links end; issues stay. */
  delete(defectId: string): Promise<void>;
  /**
   * Adds an occurrence to the open defect of a known failure, or makes a defect. Safe to call at once from many places.
   * @example
   * ```ts
   * import type { Backref } from "@backref/core";
   *
   * declare const app: ReturnType<Backref["as"]>;
   *
   * const { defect, created } = await app.defects.report({
   *   projectId: "web",
   *   failure: { caseId: "TC-7", runId: "R-1", resultId: "X-9", title: "Total is wrong", details: "expected 30, got 29" },
   *   priority: "critical",
   * });
   * ```
   */
  report(input: ReportInput<Words>): Promise<{ readonly defect: Defect<Words>; readonly created: boolean }>;
  /** Failing results of a defect, oldest first. */
  occurrences(defectId: string): Promise<readonly Occurrence[]>;
}
