import type {
  LinkRow,
  MarkWrite,
  ReleaseWrite,
  Row,
  Storage,
  StorageScope,
  WorkTableName,
} from "@backref/core/storage";
import { rememberInserts, type WrongStorage, withSystem, withWrites } from "./wrong-storage.ts";

async function workRow(inner: Storage, scope: StorageScope, { table, id }: ReleaseWrite) {
  const rows: readonly Row<WorkTableName>[] = await inner.find(scope, { table, by: "id", keys: [[id]] });
  return rows[0];
}

async function markOnlyFree(inner: Storage, scope: StorageScope, write: MarkWrite): Promise<MarkWrite> {
  if (write.table !== "link") return write;
  const rows = await inner.find(scope, { table: "link", by: write.by, keys: write.keys });
  const free = rows.filter((row) => row.leaseUntil === null);
  return { ...write, by: "id", keys: free.map((row) => [row.id]) };
}

/** Links that a claim could take, longest due first, whatever their source. */
async function dueLinks(inner: Storage, linkIds: Map<string, Set<string>>, now: number): Promise<readonly LinkRow[]> {
  const found: LinkRow[] = [];
  for (const [tenantId, ids] of linkIds) {
    found.push(...(await inner.find({ tenantId }, { table: "link", by: "id", keys: [...ids].map((id) => [id]) })));
  }
  const due = found.filter((row) => row.dueAt !== null && row.dueAt <= now && (row.leaseUntil ?? 0) <= now);
  return due.sort((left, right) => (left.dueAt ?? 0) - (right.dueAt ?? 0));
}

export const wrongWork: readonly WrongStorage[] = [
  {
    mistake: "ignores the fence of a release",
    caughtBy: "storage/release-fence",
    wrap: (inner) =>
      withWrites(inner, async (write, scope) => {
        if (write.type !== "release") return [write];
        return [{ ...write, fence: (await workRow(inner, scope, write))?.fence ?? write.fence }];
      }),
  },
  {
    mistake: "leaves a row idle although it was marked while leased",
    caughtBy: "storage/release-marked",
    wrap: (inner) =>
      withWrites(inner, async (write, scope) => {
        if (write.type !== "release") return [write];
        return [{ ...write, seenMark: (await workRow(inner, scope, write))?.mark ?? write.seenMark }];
      }),
  },
  {
    mistake: "does not mark leased rows",
    caughtBy: "storage/mark-leased",
    wrap: (inner) =>
      withWrites(inner, async (write, scope) => [
        write.type === "mark" ? await markOnlyFree(inner, scope, write) : write,
      ]),
  },
  {
    mistake: "shortens a block",
    caughtBy: "storage/block-never-shortens",
    wrap: (inner) =>
      withWrites(inner, async (write, scope) => {
        if (write.type !== "block") return [write];
        const known = await inner.find(scope, { table: "budget", by: "id", keys: [[write.budgetId]] });
        if (known.length === 0) return [write];
        return [{ type: "update", table: "budget", id: write.budgetId, set: { blockedUntil: 0 } }, write];
      }),
  },
  {
    mistake: "hands out leased rows again",
    caughtBy: "storage/claim-leased",
    wrap: (inner) => {
      let last: readonly unknown[] = [];
      return withSystem(inner, {
        async claim(request) {
          const result = await inner.system.claim(request);
          if (result.rows.length === 0) return { ...result, rows: last as typeof result.rows };
          last = result.rows;
          return result;
        },
      });
    },
  },
  {
    mistake: "forgets a column of the scopes that it hands out",
    caughtBy: "storage/claim-whole",
    wrap: (inner) =>
      withSystem(inner, {
        async claim(request) {
          const { now, rows } = await inner.system.claim(request);
          const shortened = rows.map((row) =>
            Object.fromEntries(Object.entries(row).filter(([name]) => name !== "webhook")),
          );
          return { now, rows: shortened as unknown as typeof rows };
        },
      }),
  },
  {
    mistake: "serves what has been due longest, whatever its source",
    caughtBy: "storage/turn-by-turn",
    wrap: (inner) => {
      const { storage, linkIds } = rememberInserts(inner);
      return withSystem(storage, {
        async claim(request) {
          if (request.table !== "link" || request.only !== undefined || request.limit !== 1) {
            return inner.system.claim(request);
          }
          const { now } = await inner.system.claim({ ...request, only: { tenantId: "", ids: [] } });
          const [first] = await dueLinks(inner, linkIds, now);
          const only = { tenantId: first?.tenantId ?? "", ids: first === undefined ? [] : [first.id] };
          return inner.system.claim({ ...request, only });
        },
      });
    },
  },
  {
    mistake: "knows no limit per source",
    caughtBy: "storage/claim-limit",
    wrap: (inner) =>
      withSystem(inner, { claim: (request) => inner.system.claim({ ...request, limitPerSource: request.limit }) }),
  },
  {
    mistake: "leases rows in two steps, so that claims at the same time get the same ones",
    caughtBy: "storage/concurrent-claims-by-name",
    wrap: (inner) =>
      withSystem(inner, {
        async claim(request) {
          if (request.only === undefined || request.table !== "link") return inner.system.claim(request);
          const { tenantId, ids } = request.only;
          const keys = ids.map((id) => [id]);
          const rows = await inner.find({ tenantId }, { table: "link", by: "id", keys });
          const { now } = await inner.system.claim(request);
          return { rows: rows.filter((row) => (row.leaseUntil ?? 0) <= now) as never, now };
        },
      }),
  },
  {
    mistake: "takes at most a thousand keys in a mark",
    caughtBy: "storage/mark-many-keys",
    wrap: (inner) =>
      withWrites(inner, (write) => {
        if (write.type === "mark" && write.keys.length > 1_000) throw new TypeError("Too many keys.");
        return [write];
      }),
  },
  {
    mistake: "gives the turn back to sources that have nothing left",
    caughtBy: "storage/turn-runs-dry",
    wrap(inner) {
      const served: string[] = [];
      return withSystem(inner, {
        async claim(request) {
          if (request.limit !== 1 || request.only !== undefined) return inner.system.claim(request);
          // After the fourth turn it waits for a source that will not come again.
          const none = { ...request, only: { tenantId: "", ids: [] } };
          const answer = await inner.system.claim(served.length < 4 ? request : none);
          served.push(...answer.rows.map((row) => row.sourceId));
          return new Set(served).size > 2 ? inner.system.claim(request) : answer;
        },
      });
    },
  },
  {
    mistake: "lets anybody who asks own the data",
    caughtBy: "storage/installation",
    wrap: (inner) => withSystem(inner, { installation: ({ id }) => inner.system.installation({ id, takeOver: true }) }),
  },
  {
    mistake: "lets a source have as many deliveries as come",
    caughtBy: "storage/prune-crowded",
    wrap: (inner) =>
      withSystem(inner, {
        prune: ({ deliveriesBefore, limit }) => inner.system.prune({ deliveriesBefore, limit }),
      }),
  },
];
