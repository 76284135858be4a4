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
  let batch: ObservedObject[] = [];
  let index = 0;
  for await (const object of objects) {
    batch.push(parseInput(observedObject, object, `object at position ${index}`));
    index += 1;
    if (batch.length < objectsPerBatch) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

function isIterable(value: unknown): value is AsyncIterable<unknown> | Iterable<unknown> {
  return typeof value === "object" && value !== null && (Symbol.asyncIterator in value || Symbol.iterator in value);
}

/** Tells objects apart. */
export function objectKey({ type, id }: Pick<ObservedObject, "type" | "id">): string {
  return JSON.stringify([type, id]);
}
