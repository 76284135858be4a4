import type { DefectGateway } from "../defect-store/defect-gateway.ts";
import type { SyncMappingInput } from "../domain/mapping.ts";
import type { Vocabulary } from "../domain/vocabulary.ts";
import type { EventBus } from "../events/event-bus.ts";
import type { Clock, FetchFunction, Logger, Random, Scheduler } from "../ports/index.ts";
import type { Provider } from "../provider/provider.ts";
import type { Storage } from "../storage/storage.ts";
import type { Budgets } from "./budgets.ts";
import type { CredentialStore } from "./credentials.ts";
import type { Renewals } from "./held-credential.ts";
import type { Identities } from "./identities.ts";
import type { IdSource } from "./ids.ts";
import type { Installation } from "./installation.ts";
import type { Limits } from "./limits.ts";

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
  readonly fetch: FetchFunction;
  readonly logger: Logger;
  readonly ids: IdSource;
  readonly limits: Limits;
  readonly installation: Installation;
  /** What all processes may send together. */
  readonly budgets: Budgets;
  readonly events: EventBus;
  /** Who is who at each source's tracker. */
  readonly identities: Identities;
  /** Where people find a defect in the host; null leaves the link out of the managed block. */
  readonly defectUrl: (request: {
    readonly tenantId: string;
    readonly defect: { readonly id: string; readonly projectId: string; readonly title: string };
  }) => string | null;
}
