import type { CommitUnit, LinkRow, Storage } from "@backref/core/storage";
import {
  commitOne,
  createCrowd,
  pause,
  rememberInserts,
  type WrongStorage,
  withSingleWrites,
  withSystem,
} from "./wrong-storage.ts";

/** Sequences come from blocks that are used up from their ends. */
const inBlocks = (sequence: number) => Math.floor(sequence / 20) * 20 + 20 - (sequence % 20);

const requiresFence = ({ require = [] }: CommitUnit) => require.some(({ table }) => table === "link");

async function linksOf(inner: Storage, linkIds: ReadonlyMap<string, ReadonlySet<string>>): Promise<readonly LinkRow[]> {
  const found = [...linkIds].map(([tenantId, ids]) =>
    inner.find({ tenantId }, { table: "link", by: "id", keys: [...ids].map((id) => [id]) }),
  );
  return (await Promise.all(found)).flat();
}

/** Claims, releases and the calls that span tenants, wrong only while others are at work. */
export const wrongWorkAtOnce: readonly WrongStorage[] = [
  {
    mistake: "leases less than there is while others claim",
    caughtBy: "storage/concurrent-claims-full",
    wrap(inner) {
      const crowd = createCrowd();
      return withSystem(inner, {
        claim: (request) =>
          crowd.enter(() => inner.system.claim(crowd.isAlone() ? request : { ...request, limit: request.limit / 2 })),
      });
    },
  },
  {
    mistake: "does not see in claims by name what is leased as due at the same time",
    caughtBy: "storage/concurrent-claim-kinds",
    wrap: (inner) =>
      withSystem(inner, {
        async claim(request) {
          const { only } = request;
          if (only === undefined || request.table !== "link") return inner.system.claim(request);
          const read = () => {
            const keys = only.ids.map((id) => [id]);
            return inner.find({ tenantId: only.tenantId }, { table: "link", by: "id", keys });
          };
          const free = (await read()).filter((row) => row.leaseOwner === null);
          await pause();
          const answer = await inner.system.claim(request);
          const lost = new Set((await read()).flatMap((row) => (row.leaseOwner === null ? [] : [row.id])));
          const taken = free.filter((row) => lost.has(row.id));
          return { ...answer, rows: (answer.rows.length > 0 ? answer.rows : taken) as typeof answer.rows };
        },
      }),
  },
  {
    mistake: "answers a claim with what it read before it leased",
    caughtBy: "storage/concurrent-claim-latest",
    wrap(inner) {
      const { storage, linkIds } = rememberInserts(inner);
      return withSystem(storage, {
        async claim(request) {
          if (request.table !== "link" || request.only !== undefined) return inner.system.claim(request);
          const before = new Map((await linksOf(inner, linkIds)).map((row) => [row.tenantId + row.id, row]));
          await pause();
          const { now, rows } = await inner.system.claim(request);
          const stale = (rows as readonly LinkRow[]).map((row) => {
            return { ...row, attempts: before.get(row.tenantId + row.id)?.attempts ?? row.attempts };
          });
          return { now, rows: stale as readonly unknown[] as typeof rows };
        },
      });
    },
  },
  {
    mistake: "checks what a unit requires of a link some time before it writes",
    caughtBy: "storage/concurrent-claim-and-end",
    wrap: (inner) => ({
      ...inner,
      async commit(scope, units) {
        const [unit] = units;
        if (unit === undefined || units.length > 1 || !requiresFence(unit)) return inner.commit(scope, units);
        const held = await commitOne(inner, scope, { ...unit, write: [] });
        if (held.status !== "committed") return [held];
        await pause();
        return inner.commit(scope, [{ write: unit.write }]);
      },
    }),
  },
  {
    mistake: "looks at the fence some time before it releases",
    caughtBy: "storage/concurrent-claim-and-release",
    wrap: (inner) =>
      withSingleWrites(inner, (write, scope, unit) => {
        if (write.type !== "release" || write.table !== "link") return null;
        const fenceNow = async () =>
          (await inner.find(scope, { table: "link", by: "id", keys: [[write.id]] }))[0]?.fence;
        const release = async () => {
          if ((await fenceNow()) !== write.fence) return commitOne(inner, scope, unit);
          await pause();
          return commitOne(inner, scope, { write: [{ ...write, fence: (await fenceNow()) ?? 0 }] });
        };
        return release();
      }),
  },
  {
    mistake: "looks at the fence of a consumer some time before it moves the cursor",
    caughtBy: "storage/concurrent-consumer-handover",
    wrap(inner) {
      const fences = new Map<string, number>();
      return withSystem(inner, {
        async claimConsumer(request) {
          const held = await inner.system.claimConsumer(request);
          if (held !== null) fences.set(request.name, held.fence);
          return held;
        },
        async commitConsumer(request) {
          if (fences.get(request.name) !== request.fence) return false;
          await pause(10);
          return inner.system.commitConsumer({ ...request, fence: fences.get(request.name) ?? -1 });
        },
      });
    },
  },
  {
    mistake: "takes commits of a consumer at the same time for one",
    caughtBy: "storage/concurrent-consumer-commits",
    wrap(inner) {
      const crowd = createCrowd();
      return withSystem(inner, {
        commitConsumer: (request) =>
          crowd.enter(async () => (await inner.system.commitConsumer(request)) || !crowd.isAlone()),
      });
    },
  },
  {
    mistake: "looks whether somebody owns the data and then writes its own name",
    caughtBy: "storage/concurrent-installation",
    wrap(inner) {
      let isOwned = false;
      return withSystem(inner, {
        async installation(request) {
          const isFirst = !isOwned;
          await pause();
          isOwned = true;
          return inner.system.installation({ ...request, takeOver: request.takeOver || isFirst });
        },
      });
    },
  },
  {
    mistake: "counts deliveries that another prune removed",
    caughtBy: "storage/concurrent-prune",
    wrap(inner) {
      const crowd = createCrowd();
      return withSystem(inner, {
        prune: (request) =>
          crowd.enter(async () => {
            const count = await inner.system.prune(request);
            return crowd.isAlone() ? count : request.limit;
          }),
      });
    },
  },
  {
    mistake: "gives sequences from blocks, whoever comes first",
    caughtBy: "storage/concurrent-activity-order",
    wrap: (inner) =>
      withSystem(inner, {
        async readActivity({ after, limit }) {
          const rows = await inner.system.readActivity({ after: 0, limit: Number.MAX_SAFE_INTEGER });
          const numbered = rows.map((row) => ({ ...row, sequence: inBlocks(row.sequence) }));
          return numbered
            .filter(({ sequence }) => sequence > after)
            .toSorted((one, other) => one.sequence - other.sequence)
            .slice(0, limit);
        },
      }),
  },
];
