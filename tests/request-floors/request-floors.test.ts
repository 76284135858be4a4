import { describe, expect, test } from "vitest";
import { floors } from "./floors.ts";
import { operationNames, operations } from "./operations.ts";
import { trackerLabels } from "./trackers.ts";
import { createWorld } from "./world.ts";

describe.each(trackerLabels)("requests that arrive at %s", (label) => {
  test.each(operationNames)("for %s are its floor", async (name) => {
    const world = await createWorld(label);
    await world.pushed({ priority: "major" });
    await world.deliver();
    await world.settle();
    const arrived = await operations[name](world);
    expect(arrived.length, arrived.join("\n")).toBe(floors[label][name]);
    expect(world.tracker.violations()).toEqual([]);
  });
});
