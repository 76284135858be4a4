import { createSeededRandom } from "@backref/testing";
import { expect, test } from "vitest";
import { SortedList } from "../src/sorted-list.ts";

test("behaves like a sorted array under random additions and removals", () => {
  const random = createSeededRandom(7);
  const list = new SortedList<number>((left, right) => left - right);
  const model = new Set<number>();
  for (let step = 0; step < 20_000; step += 1) {
    const [high = 0, low = 0, choice = 0] = random.bytes(3);
    const item = (high * 256 + low) % 3_000;
    const removes = step > 10_000 ? choice < 200 : choice < 80;
    if (removes) expect(list.delete(item)).toBe(model.delete(item));
    else if (!model.has(item)) {
      model.add(item);
      list.add(item);
    }
    if (step % 500 !== 0) continue;
    const sorted = [...model].sort((left, right) => left - right);
    expect(list.size).toBe(sorted.length);
    expect(list.first()).toBe(sorted[0]);
    expect([...list.ascending()]).toEqual(sorted);
    expect([...list.ascending(item)]).toEqual(sorted.filter((other) => other > item));
    expect([...list.descending(item)]).toEqual(sorted.filter((other) => other < item).toReversed());
    expect([...list.descending()]).toEqual(sorted.toReversed());
  }
});
