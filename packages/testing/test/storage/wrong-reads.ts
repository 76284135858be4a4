import type { ActivityRow, Storage } from "@backref/core/storage";
import { rememberInserts, type WrongStorage, withSystem, withWrites } from "./wrong-storage.ts";

/** Shows every fifth row only to those that come back for it, as sequences drawn before the commit do. */
function lateRows(inner: Storage): Storage {
  const shown = new Set<number>();
  const isLate = ({ sequence }: ActivityRow) => sequence % 5 === 0 && !shown.has(sequence);
  return withSystem(inner, {
    async readActivity(request) {
      const rows = await inner.system.readActivity(request);
      const visible = rows.filter((row) => !isLate(row));
      for (const row of rows) shown.add(row.sequence);
      return visible;
    },
  });
}

export const wrongReads: readonly WrongStorage[] = [
  {
    mistake: "forgets the tenant when it looks for rows",
    caughtBy: "storage/tenant-find",
    wrap: (inner) => {
      const { storage, tenantIds } = rememberInserts(inner);
      return {
        ...storage,
        async find(scope, query) {
          const own = await inner.find(scope, query);
          if (own.length > 0) return own;
          const others = [...tenantIds].map((tenantId) => inner.find({ tenantId }, query));
          return (await Promise.all(others)).flat();
        },
      };
    },
  },
  {
    mistake: "takes `after` for the first row of the page instead of the last of the one before",
    caughtBy: "storage/find-pages",
    wrap: (inner) => ({
      ...inner,
      async find(scope, query) {
        const { after, limit, ...rest } = query;
        if (after === undefined) return inner.find(scope, query);
        const all = await inner.find(scope, rest);
        const from = all.findIndex((row) => row.id === after);
        return from < 0 ? inner.find(scope, query) : all.slice(from, from + (limit ?? all.length));
      },
    }),
  },
  {
    mistake: "reads activity in the order of its ids",
    caughtBy: "storage/activity-order",
    wrap: (inner) =>
      withSystem(inner, {
        async readActivity(request) {
          const rows = await inner.system.readActivity(request);
          return rows.toSorted((left, right) => (left.id < right.id ? -1 : 1));
        },
      }),
  },
  {
    mistake: "lets a reader pass over activity that shows up later",
    caughtBy: "storage/activity-concurrent",
    wrap: lateRows,
  },
  {
    mistake: "gives a consumer to everyone who asks",
    caughtBy: "storage/consumer-exclusive",
    wrap: (inner) =>
      withSystem(inner, {
        claimConsumer: (request) =>
          inner.system.claimConsumer({ ...request, name: `${request.name} for ${request.owner}` }),
      }),
  },
  {
    mistake: "compares names without regard to case",
    caughtBy: "storage/text-exact",
    wrap: (inner) =>
      withWrites(inner, (write) => {
        if (write.type !== "insert" || write.table !== "relation") return [write];
        return [{ ...write, row: { ...write.row, name: write.row.name.toLowerCase() } }];
      }),
  },
  {
    mistake: "hands out the objects that were handed in",
    caughtBy: "storage/input-copied",
    wrap: (inner) => {
      const given = new Map<string, object>();
      const storage = withWrites(inner, (write, { tenantId }) => {
        if (write.type === "insert" && write.table === "defect") given.set(tenantId + write.row.id, write.row);
        else if ("table" in write && write.table === "defect") given.clear();
        return [write];
      });
      return {
        ...storage,
        async find(scope, query) {
          const rows = await inner.find(scope, query);
          if (query.table !== "defect") return rows;
          return rows.map((row) => (given.get(scope.tenantId + row.id) ?? row) as typeof row);
        },
      };
    },
  },
  {
    mistake: "does not say when a lease runs out",
    caughtBy: "storage/next-due-leased",
    wrap: (inner) =>
      withSystem(inner, {
        nextDueInMs: async (table) => ((await inner.system.nextDueInMs(table)) === 0 ? 0 : null),
      }),
  },
  {
    mistake: "works on after it was closed",
    caughtBy: "storage/closed-refuses",
    wrap: (inner) => ({ ...inner, close: async () => {} }),
  },
];
