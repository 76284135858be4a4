import type { StorageSystem } from "@backref/core/storage";
import { claimRows } from "./claim.ts";
import type { Database } from "./database.ts";
import { refuseNul } from "./frozen-copy.ts";
import { reserveFrom } from "./work-writes.ts";

/** The calls that span tenants. `enter` refuses them once the storage is closed. */
export function createSystemCalls(database: Database, enter: (operation: string) => void): StorageSystem {
  const { clock } = database;
  return {
    async claim(request) {
      enter("system.claim");
      return claimRows(database, request);
    },
    async nextDueInMs(table) {
      enter("system.nextDueInMs");
      const nextAt = database.queues[table].nextAt;
      return nextAt === Infinity ? null : Math.max(0, nextAt - clock.now());
    },
    async sourceByEndpoint(endpoint) {
      enter("system.sourceByEndpoint");
      refuseNul(endpoint);
      return database.tables.source.getGlobal("endpoint", [endpoint]) ?? null;
    },
    async sourcesByAppScope({ providerId, appScope }) {
      enter("system.sourcesByAppScope");
      refuseNul(providerId, appScope);
      return database.gate.sourcesOfApp(providerId, appScope);
    },
    async readActivity({ after, limit }) {
      enter("system.readActivity");
      return database.activity.read(after, limit);
    },
    async claimConsumer(request) {
      enter("system.claimConsumer");
      refuseNul(request.name, request.owner);
      return database.consumers.claim(request, clock.now());
    },
    async commitConsumer(request) {
      enter("system.commitConsumer");
      refuseNul(request.name);
      return database.consumers.commit(request, clock.now());
    },
    async installation({ id, takeOver }) {
      enter("system.installation");
      refuseNul(id);
      if (takeOver || database.installationId === null) database.installationId = id;
      return database.installationId;
    },
    async reserve(request) {
      enter("system.reserve");
      refuseNul(request.tenantId, request.budgetId, ...request.windows.map(({ name }) => name));
      return reserveFrom(database, request);
    },
    async overview({ limit }) {
      enter("system.overview");
      const now = clock.now();
      return {
        schema: null,
        installationId: database.installationId,
        ...database.unwell.count(limit),
        due: { link: database.queues.link.due(now, limit), pollScope: database.queues.pollScope.due(now, limit) },
        lastDeliveryAt: database.deliveryAges.newestAt,
      };
    },
    async prune({ deliveriesBefore, deliveriesPerSource, limit }) {
      enter("system.prune");
      const { deliveryAges } = database;
      const old = deliveryAges.prune(deliveriesBefore, limit);
      return deliveriesPerSource === undefined
        ? old
        : old + deliveryAges.pruneCrowded(deliveriesPerSource, limit - old);
    },
  };
}
