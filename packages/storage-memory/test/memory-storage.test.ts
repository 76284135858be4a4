import { type HostTransaction, type LinkRow, type Storage, StorageError, type Write } from "@backref/core/storage";
import { createVirtualTime, sampleId, sampleRow, sampleTenantId } from "@backref/testing";
import { expect, test } from "vitest";
import { createMemoryStorage } from "../src/index.ts";

const scope = { tenantId: sampleTenantId };
const insertDefect: Write = { type: "insert", table: "defect", row: sampleRow("defect") };

async function defectOf(storage: Storage) {
  return (await storage.find(scope, { table: "defect", by: "id", keys: [[sampleId(1)]] }))[0];
}

test("rows are frozen through and through, and shared between reads", async () => {
  const storage = createMemoryStorage();
  await storage.commit(scope, [{ write: [insertDefect] }]);
  const first = await defectOf(storage);
  expect(Object.isFrozen(first)).toBe(true);
  expect(Object.isFrozen(first?.changedAt)).toBe(true);
  expect(await defectOf(storage)).toBe(first);
});

test("what is frozen already is not copied", async () => {
  const storage = createMemoryStorage();
  const row = Object.freeze({ ...sampleRow("defect"), changedAt: Object.freeze({}), changedBy: Object.freeze({}) });
  await storage.commit(scope, [{ write: [{ type: "insert", table: "defect", row }] }]);
  expect(await defectOf(storage)).toBe(row);
});

test("a call takes effect when it is made, not when it is awaited", async () => {
  const storage = createMemoryStorage();
  const commit = storage.commit(scope, [{ write: [insertDefect] }]);
  const found = defectOf(storage);
  expect(await found).toBeDefined();
  await commit;
});

test("a host's transaction is refused", async () => {
  const storage = createMemoryStorage();
  const transaction: HostTransaction = { query: async () => ({ rows: [], rowCount: 0 }) };
  const call = storage.commit({ ...scope, transaction }, [{ write: [insertDefect] }]);
  await expect(call).rejects.toMatchObject({ name: "StorageError", code: "transaction-unsupported" });
  await expect(call).rejects.toSatisfy(StorageError.isInstance);
  expect(await defectOf(storage)).toBeUndefined();
});

const wrongWrites: readonly (readonly [string, unknown])[] = [
  ["a table that does not exist", { type: "delete", table: "nonsense", id: "x" }],
  ["a write of no known type", { type: "nonsense", table: "defect", id: "x" }],
  ["another tenant's row", { type: "insert", table: "defect", row: sampleRow("defect", { tenantId: "tenant-2" }) }],
  ["a new id", { type: "update", table: "defect", id: sampleId(1), set: { id: "x" } }],
  [
    "a number that JSON cannot hold",
    { type: "update", table: "defect", id: sampleId(1), set: { revision: Number.NaN } },
  ],
  ["an object of a class", { type: "update", table: "defect", id: sampleId(1), set: { changedAt: new Date() } }],
  ["a mark by no access path", { type: "mark", table: "link", by: "token2", keys: [["x"]], afterMs: 0 }],
];

test.each(wrongWrites)("%s is a TypeError and undoes the whole call", async (_what, write) => {
  const storage = createMemoryStorage();
  const row = sampleRow("activity");
  const units = [{ write: [insertDefect, { type: "insert", table: "activity", row } as Write] }];
  await expect(storage.commit(scope, [...units, { write: [write as Write] }])).rejects.toThrow(TypeError);
  expect(await defectOf(storage)).toBeUndefined();
  await storage.commit(scope, units);
  expect((await storage.system.readActivity({ after: 0, limit: 10 })).map((found) => found.sequence)).toEqual([1]);
});

test("more than 1,000 keys in one call are a TypeError", async () => {
  const keys = Array.from({ length: 1_001 }, (_, index) => [sampleId(index)]);
  await expect(createMemoryStorage().find(scope, { table: "defect", by: "id", keys })).rejects.toThrow(TypeError);
});

test("a clock that is set back does not break a lease", async () => {
  let now = 10_000;
  const storage = createMemoryStorage({ clock: { now: () => now, monotonic: () => now } });
  const link: LinkRow = sampleRow("link", { dueAt: 1 });
  const source = sampleRow("source");
  await storage.commit(scope, [
    {
      write: [
        { type: "insert", table: "source", row: source },
        { type: "insert", table: "link", row: link },
      ],
    },
  ]);
  const claim = async (limit: number) =>
    (await storage.system.claim({ table: "link", owner: "w", leaseMs: 1_000, limit, limitPerSource: 9 })).rows.length;
  expect(await claim(1)).toBe(1);
  now = 12_000;
  expect(await storage.system.nextDueInMs("link")).toBe(0);
  expect(await claim(0)).toBe(0);
  now = 10_500;
  expect(await claim(1)).toBe(0);
  expect(await storage.system.nextDueInMs("link")).toBe(500);
  now = 11_000;
  expect(await claim(1)).toBe(1);
});

test("the storage's clock is the one it was given", async () => {
  const time = createVirtualTime(5_000);
  const storage = createMemoryStorage({ clock: time.clock });
  await storage.commit(scope, [{ write: [{ type: "block", budgetId: "b", forMs: 70, reason: "" }] }]);
  const [budget] = await storage.find(scope, { table: "budget", by: "id", keys: [["b"]] });
  expect(budget?.blockedUntil).toBe(5_070);
});

test("refuses options that it does not have, and a clock that is none", () => {
  expect(() => createMemoryStorage({ clok: {} } as never)).toThrow(/no option "clok"/);
  expect(() => createMemoryStorage({ clock: {} } as never)).toThrow(/no method "now"/);
});
