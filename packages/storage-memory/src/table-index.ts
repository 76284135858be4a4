import type { Scalar } from "@backref/core/storage";
import { compareText, SortedList } from "./sorted-list.ts";

/** Separates the parts of composite keys: the one character that no stored text contains. */
const separator = "\0";

export function rowKey(tenantId: string, id: string): string {
  return tenantId + separator + id;
}

/** One text per tuple of values; different texts for different tuples, and for `1` and `"1"`. */
export function tupleKey(values: readonly Scalar[]): string {
  let key = "";
  for (const value of values) key += (typeof value === "string" ? `=${value}` : String(value)) + separator;
  return key;
}

/** A single position as it is, several in order: most keys have one row only. */
type Bucket = string | SortedList<string>;

/** Positions of rows (see `TableStore`) by tenant and the values of some columns. */
export class TableIndex {
  readonly columns: readonly string[];
  readonly #buckets = new Map<string, Bucket>();

  constructor(columns: readonly string[]) {
    this.columns = columns;
  }

  add(key: string, position: string): void {
    const bucket = this.#buckets.get(key);
    if (bucket === undefined) {
      this.#buckets.set(key, position);
      return;
    }
    if (typeof bucket !== "string") {
      bucket.add(position);
      return;
    }
    const list = new SortedList<string>(compareText);
    list.add(bucket);
    list.add(position);
    this.#buckets.set(key, list);
  }

  delete(key: string, position: string): void {
    const bucket = this.#buckets.get(key);
    if (bucket === undefined) return;
    if (typeof bucket !== "string") bucket.delete(position);
    if (typeof bucket === "string" || bucket.size === 0) this.#buckets.delete(key);
  }

  /** The first position of a key. */
  first(key: string): string | undefined {
    const bucket = this.#buckets.get(key);
    return typeof bucket === "string" ? bucket : bucket?.first();
  }

  /** Positions of a key beyond `after`, in order or in reverse order. */
  *positions(key: string, after: string | undefined, newestFirst: boolean): Generator<string, void, void> {
    const bucket = this.#buckets.get(key);
    if (bucket === undefined) return;
    if (typeof bucket !== "string") {
      yield* newestFirst ? bucket.descending(after) : bucket.ascending(after);
    } else if (after === undefined || (newestFirst ? bucket < after : bucket > after)) {
      yield bucket;
    }
  }
}
