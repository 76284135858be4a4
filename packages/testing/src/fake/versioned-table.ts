interface Version<T> {
  readonly at: number;
  readonly value: T | undefined;
}

/** A record with its past, as plain JSON as the record is; `value` is null where it was removed. */
export interface SavedHistory<T, Id = number> {
  readonly id: Id;
  /** Oldest first; the last one is how things stand. */
  readonly versions: readonly { readonly at: number; readonly value: T | null }[];
}

/** Versions kept of one record; a reader that looks further back sees the oldest one. */
const historyLength = 32;

/** Records by id, with a bounded past of each so that a read can be answered as of an earlier moment. */
export class VersionedTable<T extends { readonly id: Id }, Id = number> {
  readonly #current = new Map<Id, T>();
  readonly #past = new Map<Id, Version<T>[]>();

  /** The record now, or as it was at `asOf` (epoch milliseconds). */
  get(id: Id, asOf?: number): T | undefined {
    if (asOf === undefined) return this.#current.get(id);
    const versions = this.#past.get(id);
    if (versions === undefined) return undefined;
    const trimmed = versions.length === historyLength;
    return (versions.findLast((version) => version.at <= asOf) ?? (trimmed ? versions[0] : undefined))?.value;
  }

  /** All records now, or as they were at `asOf`, in the order of their first appearance. */
  values(asOf?: number): T[] {
    if (asOf === undefined) return [...this.#current.values()];
    return [...this.#past.keys()].flatMap((id) => this.get(id, asOf) ?? []);
  }

  set(value: T, at: number): void {
    this.#current.set(value.id, value);
    this.#remember(value.id, { at, value });
  }

  remove(id: Id, at: number): void {
    this.#current.delete(id);
    this.#remember(id, { at, value: undefined });
  }

  /** Every record with its past, in the order of their first appearance. */
  save<S>(toSaved: (value: T) => S): SavedHistory<S, Id>[] {
    return [...this.#past].map(([id, versions]) => ({
      id,
      versions: versions.map(({ at, value }) => ({ at, value: value === undefined ? null : toSaved(value) })),
    }));
  }

  restore<S>(histories: readonly SavedHistory<S, Id>[], fromSaved: (saved: S) => T): void {
    for (const { id, versions } of histories) {
      for (const { at, value } of versions) {
        if (value === null) this.remove(id, at);
        else this.set(fromSaved(value), at);
      }
    }
  }

  #remember(id: Id, version: Version<T>): void {
    const versions = this.#past.get(id) ?? [];
    versions.push(version);
    if (versions.length > historyLength) versions.shift();
    this.#past.set(id, versions);
  }
}
