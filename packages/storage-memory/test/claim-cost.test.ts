import type { Storage, Write } from "@backref/core/storage";
import { createVirtualTime, sampleId, sampleRow, sampleTenantId } from "@backref/testing";
import { expect, test } from "vitest";
import { createProbedStorage } from "../src/memory-storage.ts";

const scope = { tenantId: sampleTenantId };
const request = { table: "link", owner: "worker-1", leaseMs: 1_000, limit: 10, limitPerSource: 10 } as const;

function source(number: number, overrides: object = {}): Write {
  return { type: "insert", table: "source", row: sampleRow("source", { id: sampleId(number), ...overrides }) };
}

async function fill(storage: Storage, first: number, count: number, overrides: object): Promise<void> {
  const write = Array.from({ length: count }, (_, index): Write => {
    const row = sampleRow("link", { id: sampleId(first + index), ...overrides });
    return { type: "insert", table: "link", row };
  });
  await storage.commit(scope, [{ write }]);
}

test("a claim looks at the rows it takes and at no others", async () => {
  const time = createVirtualTime();
  const probe = { examined: 0 };
  const storage = createProbedStorage({ clock: time.clock }, probe);
  const sources = [source(1), source(2, { enabled: false }), source(3, { health: "reconnect-required" }), source(4)];
  await storage.commit(scope, [
    { write: [...sources, { type: "block", budgetId: sampleId(4), forMs: 60_000, reason: "rate limit" }] },
  ]);
  const later = time.now() + 3_600_000;
  await fill(storage, 100_000, 5_000, { dueAt: null });
  await fill(storage, 200_000, 5_000, { dueAt: later });
  await fill(storage, 300_000, 5_000, { dueAt: 1, pausedAt: 1 });
  await fill(storage, 400_000, 5_000, { dueAt: 1, endedAt: 1, active: null });
  for (const number of [2, 3, 4])
    await fill(storage, number * 1_000_000, 5_000, { dueAt: 1, sourceId: sampleId(number) });
  await fill(storage, 1_000, 25, { dueAt: 2 });
  for (const expected of [10, 20, 25, 25]) {
    await storage.system.claim(request);
    expect(probe.examined).toBe(expected);
  }
});

test("expired leases are found again without looking at those that still hold", async () => {
  const time = createVirtualTime();
  const probe = { examined: 0 };
  const storage = createProbedStorage({ clock: time.clock }, probe);
  await storage.commit(scope, [{ write: [source(1)] }]);
  await fill(storage, 1, 2_000, { dueAt: 1 });
  await storage.system.claim({ ...request, leaseMs: 1_000, limit: 5 });
  await storage.system.claim({ ...request, leaseMs: 60_000, limit: 2_000, limitPerSource: 2_000 });
  expect(probe.examined).toBe(2_000);
  await time.advance(1_000);
  expect((await storage.system.claim(request)).rows.length).toBe(5);
  expect(probe.examined).toBe(2_005);
});
