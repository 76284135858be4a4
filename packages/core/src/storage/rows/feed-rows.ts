import type { JsonObject } from "../../domain/json.ts";

/** A verified webhook delivery. Unique over all tenants: endpoint and delivery id. */
export interface DeliveryRow {
  readonly tenantId: string;
  readonly id: string;
  readonly sourceId: string;
  readonly endpoint: string;
  readonly deliveryId: string;
  readonly name: string;
  readonly receivedAt: number;
  /** False while it could not be routed to a link yet; looked at again when a link learns its issue. */
  readonly routed: boolean;
  readonly remoteId: string | null;
}

/** Who did what when; also the feed of durable events. `sequence` is given by the storage, in commit order, over all tenants. */
export interface ActivityRow {
  readonly tenantId: string;
  readonly id: string;
  readonly sequence: number;
  readonly at: number;
  readonly type: string;
  /** Host user id; null for Backref itself. */
  readonly actorId: string | null;
  readonly sourceId: string | null;
  readonly linkId: string | null;
  readonly defectId: string | null;
  readonly referenceId: string | null;
  readonly data: JsonObject;
}
