import type { DefectSnapshot, DefectStore } from "@backref/core";
import type { DefectStoreUnderTest } from "../../src/index.ts";
import { type Scope, type WrongStore, withStore } from "./wrong-store.ts";

/** A store whose revisions are made up from what it sees; the sound store's stay behind it. */
function withRevisions(
  inner: DefectStoreUnderTest,
  revisionOf: (snapshot: DefectSnapshot, store: DefectStore, scope: Scope) => Promise<string>,
): DefectStoreUnderTest {
  return withStore(inner, (store) => {
    const read: DefectStore["read"] = async (scope, ids) => {
      const found = await store.read(scope, ids);
      return Promise.all(
        found.map(async (snapshot) => ({ ...snapshot, revision: await revisionOf(snapshot, store, scope) })),
      );
    };
    return {
      read,
      async apply(scope, changes) {
        const outcomes = [];
        for (const change of changes) {
          const [real] = await store.read(scope, [change.defectId]);
          const [seen] = await read(scope, [change.defectId]);
          const expectedRevision = seen?.revision === change.expectedRevision ? (real?.revision ?? "") : "moved";
          const [outcome] = await store.apply(scope, [{ ...change, expectedRevision }]);
          const [after] = await read(scope, [change.defectId]);
          if (outcome?.status === "applied") outcomes.push({ ...outcome, revision: after?.revision ?? "" });
          else if (outcome !== undefined) outcomes.push(outcome);
        }
        return outcomes;
      },
    };
  });
}

const withSnapshots = (inner: DefectStoreUnderTest, change: (snapshot: DefectSnapshot) => DefectSnapshot) =>
  withStore(inner, (store) => ({ read: async (scope, ids) => (await store.read(scope, ids)).map(change) }));

const fieldsOf = ({ title, description, status, priority }: DefectSnapshot) => [title, description, status, priority];

export const wrongReads: readonly WrongStore[] = [
  {
    mistake: "fails at ids that are not of its kind",
    caughtBy: "defect-store/read-odd-ids",
    wrap: (inner) =>
      withStore(inner, (store) => ({
        async read(scope, ids) {
          if (ids.some((id) => !/^[\w-]+$/.test(id))) throw new Error("invalid input syntax for type bigint");
          return store.read(scope, ids);
        },
      })),
  },
  {
    mistake: "makes up a row for what is missing",
    caughtBy: "defect-store/read-missing",
    wrap: (inner) =>
      withStore(inner, (store) => ({
        async read(scope, ids) {
          const found = await store.read(scope, ids);
          if (ids.length < 2 || found.length === 0) return found;
          return ids.map(
            (id) => found.find((snapshot) => snapshot.id === id) ?? { ...(found[0] as DefectSnapshot), id },
          );
        },
      })),
  },
  {
    mistake: "reads one page of defects only",
    caughtBy: "defect-store/read-many",
    wrap: (inner) =>
      withStore(inner, (store) => ({ read: async (scope, ids) => (await store.read(scope, ids)).slice(0, 100) })),
  },
  {
    mistake: "forgets the tenant when it reads",
    caughtBy: "defect-store/tenant-read",
    wrap: (inner) =>
      withStore(inner, (store) => ({
        async read(scope, ids) {
          const found = await store.read(scope, ids);
          const others = await store.read({ ...scope, tenantId: "tenant-1" }, ids);
          return [...found, ...others.filter(({ id }) => found.every((snapshot) => snapshot.id !== id))];
        },
      })),
  },
  {
    mistake: "makes revisions of a defect's fields",
    caughtBy: "defect-store/revision-never-back",
    wrap: (inner) =>
      withRevisions(inner, async (snapshot, store, scope) =>
        JSON.stringify([fieldsOf(snapshot), await store.readComments(scope, [snapshot.id])]),
      ),
  },
  {
    mistake: "moves no revision for comments",
    caughtBy: "defect-store/revision-comments",
    wrap: (inner) => withRevisions(inner, async (snapshot) => JSON.stringify([fieldsOf(snapshot), snapshot.changedAt])),
  },
  {
    mistake: "has one revision for all defects",
    caughtBy: "defect-store/revision-stands",
    wrap: (inner) =>
      withRevisions(inner, async (snapshot, store, { tenantId }) => {
        const all = await store.changesSince?.({ tenantId, cursor: null, limit: 1_000_000 });
        return `${snapshot.revision} of ${all?.ids.length}`;
      }),
  },
  {
    mistake: "tells no priority as an empty text",
    caughtBy: "defect-store/read-no-priority",
    wrap: (inner) => withSnapshots(inner, (snapshot) => ({ ...snapshot, priority: snapshot.priority ?? "" })),
  },
  {
    mistake: "tells no project",
    caughtBy: "defect-store/read-shape",
    wrap: (inner) => withSnapshots(inner, (snapshot) => ({ ...snapshot, projectId: "" })),
  },
  {
    mistake: "tells deleted defects",
    caughtBy: "defect-store/read-deleted",
    wrap: (inner) => {
      const known = new Map<string, DefectSnapshot>();
      const { deleteDefect } = inner.host;
      const remove: typeof deleteDefect = async (place) => {
        const [snapshot] = await inner.store.read(place, [place.defectId]);
        if (snapshot !== undefined) known.set(place.defectId, snapshot);
        await deleteDefect?.(place);
      };
      const archived = withStore(inner, (store) => ({
        read: async (scope, ids) => [...(await store.read(scope, ids)), ...ids.flatMap((id) => known.get(id) ?? [])],
      }));
      return { ...archived, host: { ...inner.host, deleteDefect: remove } };
    },
  },
  {
    mistake: "has times as revisions, so that two changes may have one",
    caughtBy: "defect-store/revision-moves",
    wrap: (inner) => withRevisions(inner, async () => String(Math.floor(Date.now() / 60_000))),
  },
];
