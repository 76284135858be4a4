import type { DefectApplyOutcome, DefectSnapshot } from "@backref/core";
import { nextTurn, underCurrentRevision, type WrongStore, withChanges, withStore } from "./wrong-store.ts";

const fieldsOf = ({ title, description, status, priority }: DefectSnapshot) => ({
  title,
  description,
  status,
  priority,
});

export const wrongApplies: readonly WrongStore[] = [
  {
    mistake: "does not compare the revision",
    caughtBy: "defect-store/stale",
    wrap: (inner) => withChanges(inner, (change, scope) => underCurrentRevision(inner.store, scope, change)),
  },
  {
    mistake: "compares the revision before the step that writes",
    caughtBy: "defect-store/concurrent-applies",
    wrap: (inner) =>
      withChanges(inner, async (change, scope) => {
        const [snapshot] = await inner.store.read(scope, [change.defectId]);
        if (snapshot?.revision !== change.expectedRevision) return change;
        await nextTurn();
        return underCurrentRevision(inner.store, scope, change);
      }),
  },
  {
    mistake: "writes the whole row that it has read a moment ago",
    caughtBy: "defect-store/concurrent-edit",
    wrap: (inner) =>
      withChanges(inner, async (change, scope) => {
        const [snapshot] = await inner.store.read(scope, [change.defectId]);
        if (snapshot?.revision !== change.expectedRevision || change.comments.length > 0) return change;
        for (let turn = 0; turn < 3; turn += 1) await nextTurn();
        const current = await underCurrentRevision(inner.store, scope, change);
        return { ...current, set: { ...fieldsOf(snapshot), ...change.set } };
      }),
  },
  {
    mistake: "sets fields that a change does not name",
    caughtBy: "defect-store/apply-only-named",
    wrap: (inner) => withChanges(inner, (change) => ({ ...change, set: { priority: null, ...change.set } })),
  },
  {
    mistake: "answers the revision that was expected",
    caughtBy: "defect-store/apply-fields",
    wrap: (inner) =>
      withStore(inner, (store) => ({
        async apply(scope, changes) {
          const outcomes = await store.apply(scope, changes);
          return outcomes.map((outcome, index) =>
            outcome.status === "applied"
              ? { ...outcome, revision: changes[index]?.expectedRevision ?? outcome.revision }
              : outcome,
          );
        },
      })),
  },
  {
    mistake: "calls a deleted defect stale",
    caughtBy: "defect-store/gone-deleted",
    wrap: (inner) =>
      withStore(inner, (store) => ({
        async apply(scope, changes) {
          const outcomes = await store.apply(scope, changes);
          return outcomes.map((outcome, index) => {
            const isNumbered = changes[index]?.defectId.startsWith("bug-") === true;
            return outcome.status === "gone" && isNumbered ? { status: "stale" } : outcome;
          });
        },
      })),
  },
  {
    mistake: "stops at the first change that cannot be applied",
    caughtBy: "defect-store/outcomes-in-order",
    wrap: (inner) =>
      withStore(inner, (store) => ({
        async apply(scope, changes) {
          const outcomes: DefectApplyOutcome[] = [];
          for (const change of changes) {
            const failed = outcomes.find(({ status }) => status !== "applied");
            if (failed === undefined) outcomes.push(...(await store.apply(scope, [change])));
            else outcomes.push(failed);
          }
          return outcomes;
        },
      })),
  },
  {
    mistake: "has written half of a change when it refuses the rest",
    caughtBy: "defect-store/refused",
    wrap: (inner) =>
      withStore(inner, (store) => ({
        async apply(scope, changes) {
          const outcomes: DefectApplyOutcome[] = [];
          for (const change of changes) {
            const [outcome] = await store.apply(scope, [change]);
            if (outcome?.status === "refused") await store.apply(scope, [{ ...change, set: {} }]);
            if (outcome !== undefined) outcomes.push(outcome);
          }
          return outcomes;
        },
      })),
  },
  {
    mistake: "throws for a word that it does not know",
    caughtBy: "defect-store/refused-unknown",
    wrap: (inner) =>
      withStore(inner, (store) => ({
        async apply(scope, changes) {
          const outcomes = await store.apply(scope, changes);
          const refused = outcomes.find((outcome) => outcome.status === "refused");
          if (refused !== undefined) throw new Error("invalid input value for enum bug_status");
          return outcomes;
        },
      })),
  },
  {
    mistake: "takes a word that it does not know for one that it knows",
    caughtBy: "defect-store/refused-unknown",
    wrap: (inner) =>
      withChanges(inner, (change) => {
        const status = change.set.status === "no-such-word" ? "open" : change.set.status;
        return status === undefined ? change : { ...change, set: { ...change.set, status } };
      }),
  },
  {
    mistake: "looks at the values before the revision",
    caughtBy: "defect-store/refused-stale",
    wrap: (inner) =>
      withStore(inner, (store) => ({
        async apply(scope, changes) {
          const outcomes = await store.apply(scope, changes);
          return outcomes.map((outcome, index) =>
            outcome.status === "stale" && changes[index]?.set.status === "no-such-status"
              ? { status: "refused", field: "status", reason: "There is no such status." }
              : outcome,
          );
        },
      })),
  },
  {
    mistake: "cuts what is too long",
    caughtBy: "defect-store/text-long",
    wrap: (inner) =>
      withChanges(inner, (change) => {
        const { title } = change.set;
        return typeof title === "string" ? { ...change, set: { ...change.set, title: title.slice(0, 255) } } : change;
      }),
  },
  {
    mistake: "brings characters into a normal form",
    caughtBy: "defect-store/text-exact",
    wrap: (inner) =>
      withChanges(inner, (change) => {
        const { title } = change.set;
        return typeof title === "string"
          ? { ...change, set: { ...change.set, title: title.normalize("NFC") } }
          : change;
      }),
  },
  {
    mistake: "keeps an old author of a field after a person's edit",
    caughtBy: "defect-store/apply-stamps",
    wrap: (inner) => {
      const authors = new Map<string, string>();
      const remembering = withChanges(inner, (change) => {
        if (change.set.title !== undefined) authors.set(change.defectId, change.cause.linkId);
        return change;
      });
      return withStore(remembering, (store) => ({
        read: async (scope, ids) =>
          (await store.read(scope, ids)).map((snapshot) => {
            const title = authors.get(snapshot.id);
            return title === undefined ? snapshot : { ...snapshot, changedBy: { ...snapshot.changedBy, title } };
          }),
      }));
    },
  },
  {
    mistake: "applies what another tenant sends",
    caughtBy: "defect-store/tenant-apply",
    wrap: (inner) =>
      withStore(inner, (store) => ({
        async apply(scope, changes) {
          const outcomes = await store.apply(scope, changes);
          const isForeign = outcomes.every(({ status }) => status === "gone");
          return isForeign ? store.apply({ tenantId: "tenant-1" }, changes) : outcomes;
        },
      })),
  },
  {
    mistake: "calls a defect that never was stale",
    caughtBy: "defect-store/gone",
    wrap: (inner) =>
      withStore(inner, (store) => ({
        async apply(scope, changes) {
          const outcomes = await store.apply(scope, changes);
          return outcomes.map((outcome, index) => {
            const isNumbered = changes[index]?.defectId.startsWith("bug-") === true;
            return outcome.status === "gone" && !isNumbered ? { status: "stale" } : outcome;
          });
        },
      })),
  },
  {
    mistake: "takes null for a field that is not named",
    caughtBy: "defect-store/no-priority",
    wrap: (inner) =>
      withChanges(inner, (change) => {
        const set = Object.fromEntries(Object.entries(change.set).filter(([, value]) => value !== null));
        return { ...change, set };
      }),
  },
  {
    mistake: "reads the revision that it answers after it has written",
    caughtBy: "defect-store/concurrent-revisions",
    wrap: (inner) =>
      withStore(inner, (store) => ({
        async apply(scope, changes) {
          const outcomes = await store.apply(scope, changes);
          await nextTurn();
          const found = await store.read(
            scope,
            changes.map(({ defectId }) => defectId),
          );
          return outcomes.map((outcome, index) => {
            const later = found.find(({ id }) => id === changes[index]?.defectId);
            return outcome.status === "applied" && later !== undefined
              ? { ...outcome, revision: later.revision }
              : outcome;
          });
        },
      })),
  },
];
