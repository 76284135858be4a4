import type { BudgetRow, LinkRow, SourceRow, Storage, Write } from "@backref/core/storage";
import { createSeededRandom, createVirtualTime, sampleId, sampleRow, sampleTenantId } from "@backref/testing";
import { expect, test } from "vitest";
import { createMemoryStorage } from "../src/index.ts";

const scope = { tenantId: sampleTenantId };
const linkNumbers = Array.from({ length: 12 }, (_, index) => index + 1);
const sourceNumbers = [1, 2, 3];
const idsOf = (numbers: readonly number[]) => numbers.map((number) => [sampleId(number)]);

interface State {
  readonly links: readonly LinkRow[];
  readonly sources: ReadonlyMap<string, SourceRow>;
  readonly budgets: ReadonlyMap<string, BudgetRow>;
}

async function stateOf(storage: Storage): Promise<State> {
  const links = await storage.find(scope, { table: "link", by: "id", keys: idsOf(linkNumbers) });
  const sources = await storage.find(scope, { table: "source", by: "all", keys: [[]] });
  const budgets = await storage.find(scope, { table: "budget", by: "id", keys: idsOf(sourceNumbers) });
  const byId = <Row extends { readonly id: string }>(rows: readonly Row[]) => new Map(rows.map((row) => [row.id, row]));
  return { links, sources: byId(sources), budgets: byId(budgets) };
}

/** When a link becomes claimable, straight from the contract. */
function claimableAt(link: LinkRow, { sources, budgets }: State): number {
  const source = sources.get(link.sourceId);
  if (link.dueAt === null || link.endedAt !== null || link.pausedAt !== null) return Infinity;
  if (source === undefined || !source.enabled || source.health === "reconnect-required") return Infinity;
  return Math.max(link.dueAt, link.leaseUntil ?? 0, budgets.get(source.budgetId)?.blockedUntil ?? 0);
}

function randomWrite(pick: (count: number) => number, state: State): Write {
  const id = sampleId(1 + pick(linkNumbers.length));
  const sourceId = sampleId(1 + pick(sourceNumbers.length));
  const fence = state.links.find((link) => link.id === id)?.fence ?? 0;
  const choices: readonly Write[] = [
    { type: "insert", table: "link", row: sampleRow("link", { id, sourceId, dueAt: pick(2) }), ifExists: "skip" },
    { type: "insert", table: "source", row: sampleRow("source", { id: sourceId }), ifExists: "skip" },
    { type: "mark", table: "link", by: "id", keys: [[id]], afterMs: pick(3_000) },
    { type: "mark", table: "link", by: "source", keys: [[sourceId]], afterMs: pick(3_000) },
    { type: "update", table: "link", id, set: { pausedAt: pick(2) === 0 ? null : 1 } },
    { type: "update", table: "link", id, set: { sourceId } },
    { type: "release", table: "link", id, fence, seenMark: pick(4), nextAfterMs: pick(2_000), set: {} },
    { type: "release", table: "link", id, fence, seenMark: 1, nextAfterMs: null, set: { endedAt: 1, active: null } },
    { type: "delete", table: "link", id },
    { type: "update", table: "source", id: sourceId, set: { enabled: pick(3) > 0 } },
    { type: "update", table: "source", id: sourceId, set: { health: pick(3) > 0 ? "ok" : "reconnect-required" } },
    { type: "update", table: "source", id: sourceId, set: { budgetId: sampleId(1 + pick(3)) } },
    { type: "delete", table: "source", id: sourceId },
    { type: "block", budgetId: sourceId, forMs: pick(2_000), reason: "" },
    { type: "delete", table: "budget", id: sourceId },
  ];
  return choices[pick(choices.length)] as Write;
}

test.each(Array.from({ length: 20 }, (_, seed) => seed))(
  "claims what the rows say, after any history (seed %i)",
  async (seed) => {
    const random = createSeededRandom(seed);
    const pick = (count: number) => {
      const [high = 0, low = 0] = random.bytes(2);
      return (high * 256 + low) % count;
    };
    const time = createVirtualTime();
    const storage = createMemoryStorage({ clock: time.clock });
    for (let step = 0; step < 300; step += 1) {
      const before = await stateOf(storage);
      const write = Array.from({ length: 1 + pick(3) }, () => randomWrite(pick, before));
      const [outcome] = await storage.commit(scope, [{ write }]);
      if (outcome?.status !== "committed") expect(await stateOf(storage)).toEqual(before);
      if (pick(4) === 0) await time.advance(pick(1_500));

      const state = await stateOf(storage);
      const times = state.links.map((link) => claimableAt(link, state));
      const next = Math.min(...times, Infinity);
      const expected = next === Infinity ? null : Math.max(0, next - time.now());
      expect(await storage.system.nextDueInMs("link")).toBe(expected);
      if (pick(3) > 0) continue;
      const ready = state.links.filter((_link, index) => (times[index] ?? Infinity) <= time.now());
      const request = {
        table: "link",
        owner: "w",
        leaseMs: pick(1_000),
        limit: 1 + pick(15),
        limitPerSource: 9,
      } as const;
      const { rows } = await storage.system.claim(request);
      expect(ready.map((link) => link.id)).toEqual(expect.arrayContaining(rows.map((row) => row.id)));
      const countOf = (sourceId: string) => Math.min(9, ready.filter((link) => link.sourceId === sourceId).length);
      const servable = sourceNumbers.reduce((sum, number) => sum + countOf(sampleId(number)), 0);
      expect(rows.length).toBe(Math.min(request.limit, servable));
    }
  },
);
