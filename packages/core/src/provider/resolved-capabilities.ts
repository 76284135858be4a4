import type { StatusCategory } from "../domain/vocabulary.ts";
import type { MarkerPlace, ProviderCapabilities, QuietUrls } from "./capabilities.ts";

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
