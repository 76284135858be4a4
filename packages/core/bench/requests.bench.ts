import type { Figure } from "../../../scripts/figure.ts";
import { goals } from "../../../tests/request-floors/floors.ts";
import { operationNames, operations } from "../../../tests/request-floors/operations.ts";
import { trackerLabels } from "../../../tests/request-floors/trackers.ts";
import { createWorld } from "../../../tests/request-floors/world.ts";

export const title = "Requests per operation";
export const about =
  "Requests that arrive at each tracker's fake. What the design asks for stands in brackets where a tracker needs more: Jira's create answers with an id alone, so what the workflow made of the issue is read, and its workflow is walked step by step.";
export const layout = "grid";

/** Requests that arrive at each tracker's fake, per operation; the baseline is what the design asks for. */
export async function figures(): Promise<readonly Figure[]> {
  const all: Figure[] = [];
  for (const label of trackerLabels) {
    for (const name of operationNames) {
      const world = await createWorld(label);
      await world.pushed({ priority: "major" });
      await world.deliver();
      await world.settle();
      const { length } = await operations[name](world);
      all.push({ name: `${label}: ${name}`, value: length, unit: "requests", baseline: goals[label][name] });
    }
  }
  return all;
}
