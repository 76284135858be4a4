import type { DefectGateway } from "../defect-store/defect-gateway.ts";
import type { SyncMappingInput } from "../domain/mapping.ts";
import type { Vocabulary } from "../domain/vocabulary.ts";
import type { EventBus } from "../events/event-bus.ts";
import type { Clock, Logger, OutgoingFetch, Random, Scheduler, Telemetry } from "../ports/index.ts";
import type { Provider } from "../provider/provider.ts";
import type { Storage } from "../storage/storage.ts";
import type { Budgets } from "./budgets.ts";
import type { CredentialStore } from "./credentials.ts";
import type { Renewals } from "./held-credential.ts";
import type { Identities } from "./identities.ts";
import type { IdSource } from "./ids.ts";
import type { Installation } from "./installation.ts";
import type { Limits } from "./limits.ts";

/** A file of the host's, as it was given with a push. */
export interface AttachmentFile {
  readonly tenantId: string;
  readonly reference: string;
  readonly fileName: string;
  readonly contentType: string;
  readonly sizeBytes: number;
}

/** The host's files. */
export interface AttachmentFiles {
  /** The file's bytes, from the beginning. May be asked again for a file whose sending failed; throws where there is no such file. */
  open(file: AttachmentFile): Promise<ReadableStream<Uint8Array>>;
}

/** Must give the same address for the same file every time; null where there is none. */
export type AttachmentUrl = (request: {
  readonly tenantId: string;
  readonly defect: { readonly id: string; readonly projectId: string; readonly title: string };
  readonly attachment: Omit<AttachmentFile, "tenantId">;
}) => string | null;

/** Must give the same address for the same defect every time; null leaves the link out of the issue. */
export type DefectUrl = (request: {
  readonly tenantId: string;
  readonly defect: { readonly id: string; readonly projectId: string; readonly title: string };
}) => string | null;

/** Everything services and engine stand on. Made once by `createBackref`; nothing in it is global. */
export interface Runtime {
  readonly storage: Storage;
  readonly providers: ReadonlyMap<string, Provider>;
  readonly credentials: CredentialStore;
  readonly renewals: Renewals;
  readonly defects: DefectGateway;
  readonly vocabulary: Vocabulary;
  /** The host's own mapping, under every source's and target's. */
  readonly mapping: SyncMappingInput;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly fetch: OutgoingFetch;
  readonly logger: Logger;
  readonly telemetry: Telemetry;
  readonly ids: IdSource;
  readonly limits: Limits;
  readonly installation: Installation;
  /** What all processes may send together. */
  readonly budgets: Budgets;
  readonly events: EventBus;
  /** Opens the host's files; null where it has none to give. */
  readonly attachments: AttachmentFiles | null;
  /** Where people find a file in the host, for trackers that take none; null where it has no such places. */
  readonly attachmentUrl: AttachmentUrl | null;
  /** Who is who at each source's tracker. */
  readonly identities: Identities;
  /** Where people find a defect in the host; null leaves the link out of the managed block. */
  readonly defectUrl: DefectUrl;
}
