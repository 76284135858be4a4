import type { HostTransaction } from "@backref/core";
import type { DefectStoreUnderTest, HostTransactions, OpenTransaction } from "../../src/index.ts";
import { underCurrentRevision, type WrongStore, withChanges, withStore } from "./wrong-store.ts";

/** Changes what a transaction of the host's is like. */
function withRun(
  inner: DefectStoreUnderTest,
  change: (run: HostTransactions["run"]) => HostTransactions["run"],
): DefectStoreUnderTest {
  const { transactions } = inner.host;
  if (transactions === undefined) return inner;
  return { ...inner, host: { ...inner.host, transactions: { ...transactions, run: change(transactions.run) } } };
}

export const wrongTransactions: readonly WrongStore[] = [
  {
    mistake: "reads past the host's transaction",
    caughtBy: "defect-store/transaction-own-writes",
    wrap: (inner) => withStore(inner, (store) => ({ read: ({ tenantId }, ids) => store.read({ tenantId }, ids) })),
  },
  {
    mistake: "sees what is not committed",
    caughtBy: "defect-store/transaction-not-seen",
    wrap: (inner) => {
      let latest: HostTransaction | null = null;
      const watched = withRun(
        inner,
        (run) => (work) =>
          run((open) => {
            latest = open.transaction;
            return work(open);
          }).finally(() => {
            latest = null;
          }),
      );
      return withStore(watched, (store) => ({
        read: (scope, ids) => store.read({ ...(latest === null ? {} : { transaction: latest }), ...scope }, ids),
      }));
    },
  },
  {
    mistake: "commits the host's transaction when it reads in it",
    caughtBy: "defect-store/transaction-left-open",
    wrap: (inner) => {
      const written = new Map<HostTransaction, (() => Promise<void>)[]>();
      const watched = withRun(
        inner,
        (run) => (work) =>
          run((open) => {
            const steps: (() => Promise<void>)[] = [];
            written.set(open.transaction, steps);
            const noting: OpenTransaction = {
              ...open,
              async editDefect(place, edit) {
                steps.push(() => inner.host.editDefect(place, edit));
                await open.editDefect(place, edit);
              },
            };
            return work(noting);
          }),
      );
      return withStore(watched, (store) => ({
        async read(scope, ids) {
          const steps = scope.transaction === undefined ? [] : (written.get(scope.transaction) ?? []);
          for (const step of steps.splice(0)) await step();
          return store.read(scope, ids);
        },
      }));
    },
  },
  {
    mistake: "waits for a transaction of the host's, and then writes what it had decided before",
    caughtBy: "defect-store/transaction-not-overwritten",
    wrap: (inner) => {
      let ended: Promise<unknown> | null = null;
      const watched = withRun(inner, (run) => (work) => {
        const running = run(work);
        ended = running.catch(() => {});
        return running;
      });
      return withChanges(watched, async (change, scope) => {
        const [snapshot] = await inner.store.read(scope, [change.defectId]);
        if (ended === null || snapshot?.revision !== change.expectedRevision) return change;
        await ended;
        return underCurrentRevision(inner.store, scope, change);
      });
    },
  },
];
