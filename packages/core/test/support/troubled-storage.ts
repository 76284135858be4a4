import { type CommitUnit, type Storage, StorageError, type TableName } from "@backref/core/storage";

/** A storage that a test can disturb where it wants. */
export interface TroubledStorage extends Storage {
  /** The next commit with a unit like this reaches nobody. */
  failNextCommit(isMeant: (unit: CommitUnit) => boolean): void;
  /** After the next read of a table has found its rows and before it answers, this happens. */
  beforeNextAnswer(table: TableName, work: () => Promise<unknown>): void;
}

export function createTroubledStorage(inner: Storage): TroubledStorage {
  let isMeant: ((unit: CommitUnit) => boolean) | null = null;
  const works = new Map<TableName, () => Promise<unknown>>();
  return {
    ...inner,
    async commit(scope, units) {
      if (isMeant === null || !units.some(isMeant)) return inner.commit(scope, units);
      isMeant = null;
      throw new StorageError({ code: "storage-unavailable", message: "The connection to the database was lost." });
    },
    async find(scope, query) {
      const rows = await inner.find(scope, query);
      const work = works.get(query.table);
      works.delete(query.table);
      await work?.();
      return rows;
    },
    failNextCommit(meant) {
      isMeant = meant;
    },
    beforeNextAnswer(table, work) {
      works.set(table, work);
    },
  };
}

/** Makes links due. */
export function marksLinks({ write }: CommitUnit): boolean {
  return write.some((one) => one.type === "mark" && one.table === "link");
}
