import type { Figure } from "../../../scripts/figure.ts";
import { floors } from "../../../tests/request-floors/floors.ts";
import { operationNames, operations } from "../../../tests/request-floors/operations.ts";
import { trackerLabels } from "../../../tests/request-floors/trackers.ts";
import { createWorld } from "../../../tests/request-floors/world.ts";

/** Requests that arrive at each tracker's fake, per operation; the baseline is the floor. */
export async function figures(): Promise<readonly Figure[]> {
  const all: Figure[] = [];
  for (const label of trackerLabels) {
    for (const name of operationNames) {
      const world = await createWorld(label);
      await world.pushed({ priority: "major" });
      await world.deliver();
      await world.settle();
      const { length } = await operations[name](world);
      all.push({ name: `${label}: ${name}`, value: length, unit: "requests", baseline: floors[label][name] });
    }
  }
  return all;
}
