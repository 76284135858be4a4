import type { DefectApplyOutcome, DefectChange, DefectStore } from "@backref/core";
import type { DefectStoreUnderTest } from "../../src/index.ts";

/** A host's store with one mistake, and the rule that has to find it. */
export interface WrongStore {
  readonly mistake: string;
  readonly caughtBy: string;
  readonly wrap: (inner: DefectStoreUnderTest) => DefectStoreUnderTest;
}

export type Scope = Parameters<DefectStore["read"]>[0];

export function withStore(
  inner: DefectStoreUnderTest,
  change: (store: DefectStore) => Partial<DefectStore>,
): DefectStoreUnderTest {
  return { ...inner, store: { ...inner.store, ...change(inner.store) } };
}

/** Changes each change by itself before it reaches the sound store. */
export function withChanges(
  inner: DefectStoreUnderTest,
  change: (change: DefectChange, scope: Scope) => Promise<DefectChange> | DefectChange,
): DefectStoreUnderTest {
  return withStore(inner, (store) => ({
    async apply(scope, changes) {
      const outcomes: DefectApplyOutcome[] = [];
      for (const one of changes) outcomes.push(...(await store.apply(scope, [await change(one, scope)])));
      return outcomes;
    },
  }));
}

/** The change under the revision that the defect has by now, whatever it was computed from. */
export async function underCurrentRevision(
  store: DefectStore,
  scope: Scope,
  change: DefectChange,
): Promise<DefectChange> {
  const [snapshot] = await store.read(scope, [change.defectId]);
  return { ...change, expectedRevision: snapshot?.revision ?? change.expectedRevision };
}

export const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));
