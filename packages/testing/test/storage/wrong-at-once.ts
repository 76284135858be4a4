import type { CommitOutcome, PutWrite, Row, Storage, Write } from "@backref/core/storage";
import { commitOne, createCrowd, pause, type WrongStorage, withSingleWrites } from "./wrong-storage.ts";

/** Whoever comes second while others are at work is told the same as the first. */
function flatterLatecomers(inner: Storage, concerns: (write: Write) => boolean): Storage {
  const crowd = createCrowd();
  return withSingleWrites(inner, (write, scope, unit) => {
    if (!concerns(write)) return null;
    return crowd.enter(async () => {
      const outcome = await commitOne(inner, scope, unit);
      return outcome.status !== "taken" || crowd.isAlone() ? outcome : { status: "committed", skipped: 0 };
    });
  });
}

/** Finds and commits that are wrong only while others are at work. */
export const wrongAtOnce: readonly WrongStorage[] = [
  {
    mistake: "looks for each key by itself",
    caughtBy: "storage/concurrent-find-whole",
    wrap: (inner) => ({
      ...inner,
      async find(scope, query) {
        if (query.by !== "id" || query.limit !== undefined || query.newestFirst) return inner.find(scope, query);
        const rows = [];
        for (const key of query.keys.toSorted()) {
          rows.push(...(await inner.find(scope, { ...query, keys: [key] })));
          await pause();
        }
        return rows;
      },
    }),
  },
  {
    mistake: "reads from a copy that lags behind what is being written",
    caughtBy: "storage/concurrent-find-latest",
    wrap(inner) {
      let copy: readonly unknown[] | null = null;
      let age = 0;
      return {
        ...inner,
        async find(scope, query) {
          if (query.table !== "defect") return inner.find(scope, query);
          if (copy === null || age > 5) {
            copy = await inner.find(scope, query);
            age = 0;
          }
          age += 1;
          return copy as readonly Row<typeof query.table>[];
        },
      };
    },
  },
  {
    mistake: "looks whether an id is free and then puts the row there",
    caughtBy: "storage/concurrent-insert-id",
    wrap: (inner) =>
      withSingleWrites(inner, (write, scope) => {
        if (write.type !== "insert" || write.table !== "relation" || write.ifExists === "skip") return null;
        const insert = async (): Promise<CommitOutcome> => {
          const known = await inner.find(scope, { table: "relation", by: "id", keys: [[write.row.id]] });
          if (known.length > 0) return { status: "taken", table: "relation", key: "id" };
          return commitOne(inner, scope, { write: [{ type: "put", table: "relation", row: write.row }] });
        };
        return insert();
      }),
  },
  {
    mistake: "takes a key that was inserted at the same time for its own",
    caughtBy: "storage/concurrent-unique-keys",
    wrap: (inner) => flatterLatecomers(inner, (write) => write.type === "insert"),
  },
  {
    mistake: "takes a key that another row got at the same time for its own",
    caughtBy: "storage/concurrent-unique-update",
    wrap: (inner) => flatterLatecomers(inner, (write) => write.type === "update"),
  },
  {
    mistake: "reads a row, changes it and writes all of it",
    caughtBy: "storage/concurrent-update-columns",
    wrap: (inner) =>
      withSingleWrites(inner, (write, scope, unit) => {
        if (write.type !== "update" || write.table !== "defect" || unit.require?.length) return null;
        const update = async () => {
          const [row] = await inner.find(scope, { table: "defect", by: "id", keys: [[write.id]] });
          if (row === undefined) return commitOne(inner, scope, unit);
          return commitOne(inner, scope, { write: [{ type: "put", table: "defect", row: { ...row, ...write.set } }] });
        };
        return update();
      }),
  },
  {
    mistake: "puts a row in two steps",
    caughtBy: "storage/concurrent-put",
    wrap(inner) {
      let puts = 0;
      return withSingleWrites(inner, (write, scope, unit) => {
        if (write.type !== "put" || write.table !== "defect") return null;
        puts += 1;
        const turns = puts % 5;
        const put = async ({ row }: Extract<PutWrite, { readonly table: "defect" }>) => {
          await commitOne(inner, scope, unit);
          await pause(turns);
          return commitOne(inner, scope, {
            write: [{ type: "update", table: "defect", id: row.id, set: { title: row.title } }],
          });
        };
        return put(write);
      });
    },
  },
  {
    mistake: "removes rows some time after it said so",
    caughtBy: "storage/concurrent-delete-and-insert",
    wrap: (inner) =>
      withSingleWrites(inner, (write, scope, unit) => {
        if (write.type !== "delete" || write.table !== "relation") return null;
        // The rule has failed by then, and its storage may be closed.
        void pause(50).then(() => inner.commit(scope, [unit]).catch(() => {}));
        return Promise.resolve({ status: "committed", skipped: 0 });
      }),
  },
  {
    mistake: "looks for the rows of a mark before its unit's turn has come",
    caughtBy: "storage/concurrent-mark-search",
    wrap: (inner) => ({
      ...inner,
      async commit(scope, units) {
        const found = await Promise.all(
          units.map(async (unit) => ({
            ...unit,
            write: await Promise.all(
              unit.write.map(async (write): Promise<Write> => {
                if (write.type !== "mark" || write.table !== "link") return write;
                const rows = await inner.find(scope, { table: "link", by: write.by, keys: write.keys });
                return { ...write, by: "id", keys: rows.map((row) => [row.id]) };
              }),
            ),
          })),
        );
        return inner.commit(scope, found);
      },
    }),
  },
];
