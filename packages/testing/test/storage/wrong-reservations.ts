import { type JsonValue, type ReserveRequest, reserveUnits } from "@backref/core/storage";
import { type WrongStorage, withSystem } from "./wrong-storage.ts";

/** The sound storage, asked in another way. */
function asking(change: (request: ReserveRequest) => ReserveRequest): WrongStorage["wrap"] {
  return (inner) => withSystem(inner, { reserve: (request) => inner.system.reserve(change(request)) });
}

export const wrongReservations: readonly WrongStorage[] = [
  {
    mistake: "reads and writes a budget in two steps",
    caughtBy: "storage/reserve-concurrent",
    wrap(inner) {
      let windows: JsonValue = null;
      return withSystem(inner, {
        async reserve(request) {
          const read = windows;
          await Promise.resolve();
          const answer = reserveUnits(read, request, 0);
          windows = answer.windows;
          return { waits: answer.waits };
        },
      });
    },
  },
  {
    mistake: "gives back too early what was spent",
    caughtBy: "storage/reserve-slides",
    wrap: asking((request) => ({
      ...request,
      windows: request.windows.map((window) => ({ ...window, windowMs: Math.ceil(window.windowMs / 2) })),
    })),
  },
  {
    mistake: "looks at each window by itself, so that a refused item spends of the others",
    caughtBy: "storage/reserve-several-windows",
    wrap: (inner) =>
      withSystem(inner, {
        async reserve(request) {
          const answers = await Promise.all(
            request.windows.map((window, place) =>
              inner.system.reserve({
                ...request,
                windows: [window],
                items: request.items.map((item) => ({ ...item, amounts: [item.amounts[place] ?? 0] })),
              }),
            ),
          );
          return {
            waits: request.items.map((_, item) => Math.max(0, ...answers.map(({ waits }) => waits[item] ?? 0))),
          };
        },
      }),
  },
  {
    mistake: "lets everybody wait behind the first who has to",
    caughtBy: "storage/reserve-passes-by",
    wrap: (inner) =>
      withSystem(inner, {
        async reserve(request) {
          const { waits } = await inner.system.reserve(request);
          const first = waits.findIndex((wait) => wait > 0);
          return { waits: waits.map((wait, item) => (first >= 0 && item > first ? Math.max(wait, 1) : wait)) };
        },
      }),
  },
  {
    mistake: "lets everybody spend the whole limit",
    caughtBy: "storage/reserve-share",
    wrap: asking((request) => ({ ...request, items: request.items.map((item) => ({ ...item, share: 1 })) })),
  },
  {
    mistake: "counts the budgets of all tenants together",
    caughtBy: "storage/reserve-budgets-apart",
    wrap: asking((request) => ({ ...request, tenantId: "tenant-1" })),
  },
  {
    mistake: "lifts a block with every reservation",
    caughtBy: "storage/reserve-beside-blocks",
    wrap: (inner) =>
      withSystem(inner, {
        async reserve(request) {
          const answer = await inner.system.reserve(request);
          const { tenantId, budgetId: id } = request;
          const write = [{ type: "update", table: "budget", id, set: { blockedUntil: 0 } }] as const;
          await inner.commit({ tenantId }, [{ write }]);
          return answer;
        },
      }),
  },
];
