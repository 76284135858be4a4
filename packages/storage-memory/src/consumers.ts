import type { StorageSystem } from "@backref/core/storage";

interface Consumer {
  readonly cursor: number;
  readonly fence: number;
  readonly owner: string;
  readonly leaseUntil: number | null;
}

type ClaimRequest = Parameters<StorageSystem["claimConsumer"]>[0];
type CommitRequest = Parameters<StorageSystem["commitConsumer"]>[0];

/** Durable readers of the activity log. */
export class Consumers {
  readonly #consumers = new Map<string, Consumer>();

  claim(request: ClaimRequest, now: number): { readonly cursor: number; readonly fence: number } | null {
    const known = this.#consumers.get(request.name);
    if (known !== undefined && known.leaseUntil !== null && known.leaseUntil > now) return null;
    const cursor = known?.cursor ?? 0;
    const fence = (known?.fence ?? 0) + 1;
    this.#consumers.set(request.name, { cursor, fence, owner: request.owner, leaseUntil: now + request.leaseMs });
    return { cursor, fence };
  }

  commit(request: CommitRequest, now: number): boolean {
    const known = this.#consumers.get(request.name);
    if (known === undefined || known.fence !== request.fence) return false;
    const leaseUntil = request.leaseMs === null ? null : now + request.leaseMs;
    this.#consumers.set(request.name, { ...known, cursor: request.cursor, leaseUntil });
    return true;
  }
}
