import { describe, expect, test } from "vitest";
import { createSyncEngine } from "../../src/engine/engine.ts";
import { pollScopeRow } from "../../src/engine/poll-scopes.ts";
import { createWorld, owner, type World } from "../support/world.ts";

async function addScope(world: World, sourceId: string, container: string): Promise<void> {
  const row = pollScopeRow(world.runtime, { tenantId: "acme", id: sourceId }, container);
  await world.storage.commit({ tenantId: "acme" }, [{ write: [{ type: "insert", table: "pollScope", row }] }]);
}

describe("the turn of a scope", () => {
  test("is the last one where the provider knows links only", async () => {
    const world = createWorld();
    const { id } = await world.as(owner).sources.create({ name: "Toy", provider: "toy", auth: null });
    await addScope(world, id, "blue");
    const { processed, nextDueAt } = await createSyncEngine(world.runtime).run();
    expect({ processed, nextDueAt }).toEqual({ processed: 1, nextDueAt: null });
    expect(await world.rows("pollScope")).toMatchObject([{ leaseOwner: null, dueAt: null, lastSweptAt: null }]);
  });

  test("asks the tracker nothing about no container, where containers are what is polled", async () => {
    const world = createWorld();
    const { id } = await world.as(owner).sources.create({ name: "Ours", provider: "shelf", auth: { token: "secret" } });
    await addScope(world, id, "");
    await createSyncEngine(world.runtime).run();
    expect(world.tracker.polls).toEqual([]);
    expect(await world.rows("pollScope")).toMatchObject([{ dueAt: world.time.now() + 60_000, lastPolledAt: null }]);
    await addScope(world, id, "blue");
    await createSyncEngine(world.runtime).run();
    expect(world.tracker.polls).toEqual(["blue"]);
  });
});
