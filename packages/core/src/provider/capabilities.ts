import type { StatusCategory } from "../domain/vocabulary.ts";

/** Where a provider hides the token that makes "create exactly once" possible. */
export type MarkerPlace = "client-id" | "body" | "label" | "property" | "remote-link";

/** Facts about a tracker, declared and never sniffed. Core and the conformance suite both read them. */
export interface ProviderCapabilities {
  /** Most issues one `read.issues` request fetches. @default 1 */
  readonly readBatchSize?: number;
  /** `update` honours `ifVersion`: the tracker itself refuses a write over an unseen change. @default false */
  readonly compareAndSet?: boolean;
  /** A repeated `create` with the same token yields the same issue. @default false */
  readonly idempotentCreate?: boolean;
  /** Required by the group `create`. @default "body" */
  readonly markerPlace?: MarkerPlace;
  /** Two changes closer together than this can carry the same version. 0 where every change has its own. @default 1000 */
  readonly versionGranularityMs?: number;
  /** How old a read may be, at worst, on a good day. Also how long a 404 may follow a create. @default 1000 */
  readonly readLagMs?: number;
  /** State categories the tracker can tell apart. A tracker without `active` folds it into `open`. @default ["open", "closed"] */
  readonly stateCategories?: readonly StatusCategory[];
  /**
   * A change of state can take several requests, so that one that is broken off leaves the issue in a state in between.
   * @default false
   */
  readonly stateSteps?: boolean;
  /**
   * What an item tells issues apart in. `source`: it says by itself which issue is meant, keys and addresses need not name the
   * container, and `read` tells an issue that is in another one as moved there. @default "container"
   */
  readonly itemScope?: "container" | "source";
  /** Where a priority lives. @default "none" */
  readonly priority?: "labels" | "field" | "none";
  /** Of a field: every issue has a priority. It cannot be taken away, and a new issue without one gets the usual. @default false */
  readonly priorityAlwaysSet?: boolean;
  /** How many people an issue can be assigned to. Required to keep assignees in step. @default "none" */
  readonly assignees?: "none" | "one" | "several";
  /** Longest text accepted, in UTF-16 units; null where unlimited. @default all null */
  readonly maxLength?: {
    readonly title?: number | null;
    readonly body?: number | null;
    readonly comment?: number | null;
  };
  /** New issues can be refused for a field that they do not carry; needs the group `form`. @default false */
  readonly requiredFields?: boolean;
  /** Largest file taken, where the tracker does not leave that to its administrators; null for unknown. @default null */
  readonly attachmentMaxBytes?: number | null;
  /** What can be done with comments; required by the group `comments`. @default all false but `tellsEdits` */
  readonly comments?: {
    readonly edit?: boolean;
    readonly delete?: boolean;
    /** `create` answers with the new comment's id. */
    readonly returnsId?: boolean;
    /** Comments can be internal, and snapshots say so. */
    readonly visibility?: boolean;
    /**
     * An edit moves the comment's `version`, and shows among the changes. Without, edits and deletions by people show once
     * something else about the issue changes. @default true
     */
    readonly tellsEdits?: boolean;
  };
  /** What `changes` polls at a time. @default "container" */
  readonly pollScope?: "source" | "container";
  /** `full`: a delivery carries every synced field. `partial`: some. `id-only`: it says where to look. @default "id-only" */
  readonly webhookPayload?: "full" | "partial" | "id-only";
  /**
   * What shows that a delivery is the tracker's: a signature over its bytes, or a secret that comes along with it, which says
   * nothing about the bytes. @default "signature"
   */
  readonly webhookProof?: "signature" | "secret";
  /** `@name` in outgoing text notifies people; core neutralises it. @default false */
  readonly mentions?: boolean;
  /** What in outgoing text links to other issues, and can leave a note at them; core neutralises it. @default nothing */
  readonly references?: {
    /** What stands right before a number, such as `#`; letters in any case. @default [] */
    readonly prefixes?: readonly string[];
    /** What names a kind in brackets, such as `issue` in `[issue:12]`; letters in any case. @default [] */
    readonly named?: readonly string[];
    /** Keys of letters, a hyphen and a number, such as `ENG-12`; letters in any case. @default false */
    readonly keys?: boolean;
    /** @default null: addresses leave no note, or there is no other way to write them */
    readonly urls?: QuietUrls | null;
  };
  /**
   * Markdown comes back in a form of the tracker's own: with other marks, but with the same words in the same order. What a
   * write answers counts as what was sent then. @default false
   */
  readonly rewritesText?: boolean;
  /** A line of outgoing text that begins with `/word` is carried out as a command; core neutralises it. @default false */
  readonly quickActions?: boolean;
}

/** Addresses `https://HOST/…/…/KIND/12`, and the host that leads to the same pages without leaving a note. */
export interface QuietUrls {
  readonly host: string;
  readonly quietHost: string;
  readonly kinds: readonly string[];
}

/** Capabilities with every default filled in. */
export interface ResolvedCapabilities {
  readonly readBatchSize: number;
  readonly compareAndSet: boolean;
  readonly idempotentCreate: boolean;
  readonly markerPlace: MarkerPlace;
  readonly versionGranularityMs: number;
  readonly readLagMs: number;
  readonly stateCategories: readonly StatusCategory[];
  readonly stateSteps: boolean;
  readonly itemScope: "container" | "source";
  readonly priority: "labels" | "field" | "none";
  readonly priorityAlwaysSet: boolean;
  readonly assignees: "none" | "one" | "several";
  readonly maxLength: {
    readonly title: number | null;
    readonly body: number | null;
    readonly comment: number | null;
  };
  readonly requiredFields: boolean;
  readonly attachmentMaxBytes: number | null;
  readonly comments: {
    readonly edit: boolean;
    readonly delete: boolean;
    readonly returnsId: boolean;
    readonly visibility: boolean;
    readonly tellsEdits: boolean;
  };
  readonly pollScope: "source" | "container";
  readonly webhookPayload: "full" | "partial" | "id-only";
  readonly webhookProof: "signature" | "secret";
  readonly mentions: boolean;
  readonly references: {
    readonly prefixes: readonly string[];
    readonly named: readonly string[];
    readonly keys: boolean;
    readonly urls: QuietUrls | null;
  };
  readonly rewritesText: boolean;
  readonly quickActions: boolean;
}

/** The capabilities of a source: the provider's own, and what its options change about them. */
export function resolveSourceCapabilities(
  provider: {
    readonly capabilities: ProviderCapabilities;
    capabilitiesFor?(options: unknown): ProviderCapabilities;
  },
  options: unknown,
): ResolvedCapabilities {
  return resolveCapabilities({ ...provider.capabilities, ...provider.capabilitiesFor?.(options) });
}

/** Completes what a provider declares with the defaults of what it leaves out. */
export function resolveCapabilities(declared: ProviderCapabilities): ResolvedCapabilities {
  return {
    readBatchSize: declared.readBatchSize ?? 1,
    compareAndSet: declared.compareAndSet ?? false,
    idempotentCreate: declared.idempotentCreate ?? false,
    markerPlace: declared.markerPlace ?? "body",
    versionGranularityMs: declared.versionGranularityMs ?? 1000,
    readLagMs: declared.readLagMs ?? 1000,
    stateCategories: declared.stateCategories ?? ["open", "closed"],
    stateSteps: declared.stateSteps ?? false,
    itemScope: declared.itemScope ?? "container",
    priority: declared.priority ?? "none",
    priorityAlwaysSet: declared.priorityAlwaysSet ?? false,
    assignees: declared.assignees ?? "none",
    maxLength: {
      title: declared.maxLength?.title ?? null,
      body: declared.maxLength?.body ?? null,
      comment: declared.maxLength?.comment ?? null,
    },
    requiredFields: declared.requiredFields ?? false,
    attachmentMaxBytes: declared.attachmentMaxBytes ?? null,
    comments: {
      edit: declared.comments?.edit ?? false,
      delete: declared.comments?.delete ?? false,
      returnsId: declared.comments?.returnsId ?? false,
      visibility: declared.comments?.visibility ?? false,
      tellsEdits: declared.comments?.tellsEdits ?? true,
    },
    pollScope: declared.pollScope ?? "container",
    webhookPayload: declared.webhookPayload ?? "id-only",
    webhookProof: declared.webhookProof ?? "signature",
    mentions: declared.mentions ?? false,
    references: {
      prefixes: declared.references?.prefixes ?? [],
      named: declared.references?.named ?? [],
      keys: declared.references?.keys ?? false,
      urls: declared.references?.urls ?? null,
    },
    rewritesText: declared.rewritesText ?? false,
    quickActions: declared.quickActions ?? false,
  };
}
