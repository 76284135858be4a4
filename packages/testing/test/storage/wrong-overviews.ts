import type { StorageOverview } from "@backref/core/storage";
import { type WrongStorage, withSystem } from "./wrong-storage.ts";

/** The sound storage, answering something else. */
function answering(change: (overview: StorageOverview, limit: number) => StorageOverview): WrongStorage["wrap"] {
  return (inner) =>
    withSystem(inner, {
      overview: async (request) => change(await inner.system.overview(request), request.limit),
    });
}

export const wrongOverviews: readonly WrongStorage[] = [
  {
    mistake: "takes an empty storage for one that was never looked at",
    caughtBy: "storage/overview-empty",
    wrap: answering((overview) => ({
      ...overview,
      installationId: null,
      lastDeliveryAt: overview.lastDeliveryAt ?? 0,
    })),
  },
  {
    mistake: "counts disabled sources by their health",
    caughtBy: "storage/overview-sources",
    wrap: answering((overview) => {
      const { disabled, reconnectRequired } = overview.sources;
      return {
        ...overview,
        sources: { ...overview.sources, disabled: 0, reconnectRequired: reconnectRequired + disabled },
      };
    }),
  },
  {
    mistake: "counts a failed link with frozen fields twice",
    caughtBy: "storage/overview-links",
    wrap: answering((overview) => {
      const { stopped, frozen } = overview.links;
      return { ...overview, links: { ...overview.links, frozen: frozen + Math.min(1, stopped) } };
    }),
  },
  {
    mistake: "counts due work without end",
    caughtBy: "storage/overview-due",
    wrap: (inner) =>
      withSystem(inner, { overview: ({ limit }) => inner.system.overview({ limit: Math.max(limit, 100) }) }),
  },
  {
    mistake: "forgets deliveries",
    caughtBy: "storage/overview-deliveries",
    wrap: answering((overview) => ({ ...overview, lastDeliveryAt: null })),
  },
];
