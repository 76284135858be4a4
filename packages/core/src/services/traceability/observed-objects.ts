import { z } from "zod";
import { hostId, invalidInput, parseInput } from "../../input/parse-input.ts";
import type { ObservedObject } from "./coverage-types.ts";

const objectsPerBatch = 200;

const observedObject = z.object({
  type: hostId,
  id: hostId,
  outcome: z.enum(["passed", "failed", "blocked", "skipped"]).exactOptional(),
  at: z.int().exactOptional(),
});

/** What the host gives, checked, in batches. The host is asked for more only when a batch was used. */
export async function* objectBatches(objects: unknown): AsyncGenerator<readonly ObservedObject[], void> {
  if (!isIterable(objects)) {
    throw invalidInput("request", [{ path: ["objects"], message: "must be iterable: an array, or an async iterable" }]);
  }
  yield* inParts(objects, objectsPerBatch, (object, position) =>
    parseInput(observedObject, object, `object at position ${position}`),
  );
}

/** Items of the host's, checked one by one, in parts of at most `size`. */
export async function* inParts<Item>(
  items: AsyncIterable<unknown> | Iterable<unknown>,
  size: number,
  check: (item: unknown, position: number) => Item,
): AsyncGenerator<readonly Item[], void> {
  let part: Item[] = [];
  let position = 0;
  for await (const item of items) {
    part.push(check(item, position));
    position += 1;
    if (part.length < size) continue;
    yield part;
    part = [];
  }
  if (part.length > 0) yield part;
}

export function isIterable(value: unknown): value is AsyncIterable<unknown> | Iterable<unknown> {
  return typeof value === "object" && value !== null && (Symbol.asyncIterator in value || Symbol.iterator in value);
}

/** Tells objects apart. */
export function objectKey({ type, id }: Pick<ObservedObject, "type" | "id">): string {
  return JSON.stringify([type, id]);
}
