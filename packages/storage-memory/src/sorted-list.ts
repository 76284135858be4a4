const chunkSize = 256;

/**
 * Items in order, kept in chunks, so that adding and removing cost about the same in a list of ten as of a million.
 * No two items may compare as equal.
 */
export class SortedList<Item> {
  readonly #compare: (left: Item, right: Item) => number;
  #chunks: Item[][] = [];
  #size = 0;

  constructor(compare: (left: Item, right: Item) => number) {
    this.#compare = compare;
  }

  get size(): number {
    return this.#size;
  }

  first(): Item | undefined {
    return this.#chunks[0]?.[0];
  }

  add(item: Item): void {
    this.#size += 1;
    const at = Math.min(this.#chunkFor(item), this.#chunks.length - 1);
    const chunk = this.#chunks[at];
    if (chunk === undefined) {
      this.#chunks.push([item]);
      return;
    }
    chunk.splice(this.#positionIn(chunk, item), 0, item);
    if (chunk.length > chunkSize) this.#chunks.splice(at + 1, 0, chunk.splice(chunkSize / 2));
  }

  /** False if there is no such item. */
  delete(item: Item): boolean {
    const at = this.#chunkFor(item);
    const chunk = this.#chunks[at];
    if (chunk === undefined) return false;
    const position = this.#positionIn(chunk, item);
    const found = chunk[position];
    if (found === undefined || this.#compare(found, item) !== 0) return false;
    chunk.splice(position, 1);
    if (chunk.length === 0) this.#chunks.splice(at, 1);
    this.#size -= 1;
    return true;
  }

  /** Items greater than `after`, smallest first; all of them without `after`. */
  *ascending(after?: Item): Generator<Item, void, void> {
    let at = after === undefined ? 0 : this.#chunkFor(after);
    for (; at < this.#chunks.length; at += 1) {
      for (const item of this.#chunks[at] ?? []) {
        if (after === undefined || this.#compare(item, after) > 0) yield item;
      }
    }
  }

  /** Items less than `before`, greatest first; all of them without `before`. */
  *descending(before?: Item): Generator<Item, void, void> {
    const last = this.#chunks.length - 1;
    let at = before === undefined ? last : Math.min(this.#chunkFor(before), last);
    for (; at >= 0; at -= 1) {
      const chunk = this.#chunks[at] ?? [];
      for (let position = chunk.length - 1; position >= 0; position -= 1) {
        const item = chunk[position] as Item;
        if (before === undefined || this.#compare(item, before) < 0) yield item;
      }
    }
  }

  /** The first chunk whose last item is not less than `item`; the number of chunks if there is none. */
  #chunkFor(item: Item): number {
    return lowerBound(this.#chunks.length, (at) => {
      const chunk = this.#chunks[at] as Item[];
      return this.#compare(chunk[chunk.length - 1] as Item, item) < 0;
    });
  }

  #positionIn(chunk: readonly Item[], item: Item): number {
    return lowerBound(chunk.length, (at) => this.#compare(chunk[at] as Item, item) < 0);
  }
}

function lowerBound(length: number, isLess: (at: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isLess(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** By code units: for the ids in use the same order as that of their UTF-8 bytes. */
export function compareText(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
