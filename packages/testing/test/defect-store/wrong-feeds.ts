import type { DefectStore } from "@backref/core";
import type { DefectHost, DefectStoreUnderTest, OpenTransaction } from "../../src/index.ts";
import { type WrongStore, withStore } from "./wrong-store.ts";

type Feed = NonNullable<DefectStore["changesSince"]>;

const withFeed = (inner: DefectStoreUnderTest, change: (feed: Feed) => Feed) =>
  withStore(inner, (store) => (store.changesSince === undefined ? {} : { changesSince: change(store.changesSince) }));

interface Entry {
  readonly tenantId: string;
  readonly id: string;
  /** As the number or time that a row was given. */
  readonly at: number;
  isCommitted: boolean;
}

/** A feed of entries that get their number when people write, and are seen when they commit. */
function withNumbers(
  inner: DefectStoreUnderTest,
  options: { readonly oneNumberPerTransaction: boolean },
): DefectStoreUnderTest {
  const entries: Entry[] = [];
  let last = 0;
  const next = () => {
    last += 1;
    return last;
  };
  const enter = (tenantId: string, id: string, isCommitted: boolean, at = next()) => {
    const entry = { tenantId, id, at, isCommitted };
    entries.push(entry);
    return entry;
  };
  const { host } = inner;
  const { transactions } = host;
  if (transactions === undefined) return inner;
  const wrapped: DefectHost = {
    ...host,
    async createDefect(tenantId, draft) {
      const id = await host.createDefect(tenantId, draft);
      enter(tenantId, id, true);
      return id;
    },
    async editDefect(place, edit) {
      await host.editDefect(place, edit);
      enter(place.tenantId, place.defectId, true);
    },
    transactions: {
      ...transactions,
      async run(work) {
        const own: Entry[] = [];
        const at = options.oneNumberPerTransaction ? next() : undefined;
        const result = await transactions.run(async (open) => {
          const watched: OpenTransaction = {
            transaction: open.transaction,
            async createDefect(tenantId, draft) {
              const id = await open.createDefect(tenantId, draft);
              own.push(enter(tenantId, id, false, at));
              return id;
            },
            async editDefect(place, edit) {
              await open.editDefect(place, edit);
              own.push(enter(place.tenantId, place.defectId, false, at));
            },
          };
          return work(watched);
        });
        for (const entry of own) entry.isCommitted = true;
        return result;
      },
    },
  };
  const changesSince: Feed = async ({ tenantId, cursor, limit }) => {
    const after = Number(cursor ?? 0);
    const found = entries
      .filter((entry) => entry.tenantId === tenantId && entry.isCommitted && entry.at > after)
      .sort((left, right) => left.at - right.at)
      .slice(0, limit);
    return { ids: found.map(({ id }) => id), cursor: String(found.at(-1)?.at ?? after) };
  };
  return { ...inner, host: wrapped, store: { ...inner.store, changesSince } };
}

export const wrongFeeds: readonly WrongStore[] = [
  {
    mistake: "passes over a change that was numbered before others and committed after them",
    caughtBy: "defect-store/feed-late-commit",
    wrap: (inner) => withNumbers(inner, { oneNumberPerTransaction: false }),
  },
  {
    mistake: "has a cursor of times, which all changes of a transaction share",
    caughtBy: "defect-store/feed-same-moment",
    wrap: (inner) => withNumbers(inner, { oneNumberPerTransaction: true }),
  },
  {
    mistake: "begins with what happens from now on",
    caughtBy: "defect-store/feed-beginning",
    wrap: (inner) =>
      withFeed(inner, (feed) => async (request) => {
        if (request.cursor !== null) return feed(request);
        const { cursor } = await feed({ ...request, limit: 1_000_000 });
        return { ids: [], cursor };
      }),
  },
  {
    mistake: "leaves out repetitions after it has counted the page",
    caughtBy: "defect-store/feed-pages-repeated",
    wrap: (inner) =>
      withFeed(inner, (feed) => async (request) => {
        const { ids, cursor } = await feed(request);
        return { ids: [...new Set(ids)], cursor };
      }),
  },
  {
    mistake: "tells the last page again under a cursor that moves",
    caughtBy: "defect-store/feed-quiet",
    wrap: (inner) => {
      let asked = 0;
      return withFeed(inner, (feed) => async (request) => {
        asked += 1;
        const [place = 0] = (request.cursor ?? "0").split(" ").map(Number);
        const from = Math.max(0, place - 2);
        const { ids, cursor } = await feed({ ...request, cursor: String(from), limit: request.limit + 2 });
        if (ids.length > request.limit) return { ...(await feed({ ...request, cursor: String(place) })) };
        return { ids, cursor: `${cursor} at ${asked}` };
      });
    },
  },
  {
    mistake: "tells nothing twice, whoever asks",
    caughtBy: "defect-store/feed-cursors-apart",
    wrap: (inner) => {
      const told = new Map<string, number>();
      return withFeed(inner, (feed) => async (request) => {
        const place = Math.max(Number(request.cursor ?? 0), told.get(request.tenantId) ?? 0);
        const page = await feed({ ...request, cursor: String(place) });
        if (request.limit < 500) told.set(request.tenantId, Number(page.cursor));
        return page;
      });
    },
  },
  {
    mistake: "tells no comments",
    caughtBy: "defect-store/feed-comments",
    wrap: (inner) => {
      const { comments } = inner.host;
      if (comments === undefined) return inner;
      const silent = new Set<number>();
      const count = async () =>
        (await inner.store.changesSince?.({ tenantId: "tenant-1", cursor: null, limit: 1_000_000 }))?.ids.length ?? 0;
      const hush = async <Result>(work: Promise<Result>): Promise<Result> => {
        const result = await work;
        silent.add((await count()) - 1);
        return result;
      };
      const quiet = withFeed(inner, (feed) => async (request) => {
        const { ids, cursor } = await feed(request);
        return { ids: ids.filter((_id, index) => !silent.has(Number(request.cursor ?? 0) + index)), cursor };
      });
      return {
        ...quiet,
        host: {
          ...inner.host,
          comments: {
            ...comments,
            add: (place, comment) => hush(comments.add(place, comment)),
            edit: (place, id, body) => hush(comments.edit(place, id, body)),
          },
        },
      };
    },
  },
  {
    mistake: "tells no deletions",
    caughtBy: "defect-store/feed-deletions",
    wrap: (inner) => {
      const gone = new Set<string>();
      const { deleteDefect } = inner.host;
      const quiet = withFeed(inner, (feed) => async (request) => {
        const { ids, cursor } = await feed(request);
        return { ids: ids.filter((id) => !gone.has(id)), cursor };
      });
      const remove: DefectHost["deleteDefect"] = async (place) => {
        gone.add(place.defectId);
        await deleteDefect?.(place);
      };
      return { ...quiet, host: { ...inner.host, deleteDefect: remove } };
    },
  },
  {
    mistake: "tells the defects of all tenants",
    caughtBy: "defect-store/tenant-feed",
    wrap: (inner) =>
      withFeed(inner, (feed) => async (request) => {
        const page = await feed(request);
        if (request.tenantId === "tenant-1" || page.ids.length > 0) return page;
        return feed({ ...request, tenantId: "tenant-1" });
      }),
  },
  {
    mistake: "tells a defect when it is new, and never again",
    caughtBy: "defect-store/feed-edits",
    wrap: (inner) =>
      withFeed(inner, (feed) => async (request) => {
        const { ids, cursor } = await feed(request);
        const from = Number(request.cursor ?? 0);
        const before = from === 0 ? [] : (await feed({ ...request, cursor: null, limit: from })).ids;
        return { ids: ids.filter((id) => !before.includes(id)), cursor };
      }),
  },
];
