import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { FieldRule } from "../../src/domain/mapping.ts";
import { defaultVocabulary } from "../../src/domain/vocabulary.ts";
import { resolveMapping } from "../../src/mapping/default-mapping.ts";
import { createCodecs } from "../../src/mapping/field-codec.ts";
import { type MergeInput, mergeField } from "../../src/merge/merge-field.ts";
import { resolveCapabilities } from "../../src/provider/resolved-capabilities.ts";
import type { JournalEntry } from "../../src/storage/rows/link-rows.ts";

const capabilities = resolveCapabilities({ priority: "labels" });
const mapping = resolveMapping({ vocabulary: defaultVocabulary, capabilities, inputs: [] });
const codecs = createCodecs({ mapping, capabilities, token: "br-x" });
const codecOf = (field: string) => {
  const codec = codecs.find((entry) => entry.field === field);
  if (codec === undefined) throw new TypeError(field);
  return codec;
};
const title = codecOf("title");
const status = codecOf("status");
const priority = codecOf("priority");
const open = status.toRemote("open") ?? null;
const closed = status.toRemote("closed") ?? null;

const merge = (input: Partial<MergeInput>) =>
  mergeField({
    codec: title,
    rule: { direction: "two-way", conflict: "remote" },
    local: "base",
    remote: "base",
    base: { local: "base", remote: "base" },
    journal: [],
    frozen: false,
    changedAt: { local: null, remote: null },
    ...input,
  });
const written = (value: string, local = value): JournalEntry => ({
  direction: "out",
  field: "title",
  local,
  value,
  before: "base",
  ifVersion: 1,
  at: 0,
});

/** One entry per label that was to come or to go. */
function labelsSent(change: {
  readonly local: string;
  readonly before: readonly string[];
  readonly value: readonly string[];
}): readonly JournalEntry[] {
  const entry = (label: string, operation: "add" | "remove"): JournalEntry => ({
    direction: "out",
    field: "priority",
    element: { value: label, operation },
    ...change,
    ifVersion: 1,
    at: 0,
  });
  return [...change.value.map((label) => entry(label, "add")), ...change.before.map((label) => entry(label, "remove"))];
}

describe("the merge of one field", () => {
  test("neither side changed: nothing", () => expect(merge({})).toEqual({}));
  test("only local changed: out", () => expect(merge({ local: "l" })).toEqual({ push: "l" }));
  test("only remote changed: in", () =>
    expect(merge({ remote: "r" })).toEqual({ setLocal: "r", base: { local: "r", remote: "r" } }));
  test("both changed to the same: agreed", () =>
    expect(merge({ local: "x", remote: "x" })).toEqual({ base: { local: "x", remote: "x" } }));
  test("both changed differently: the policy decides and the base moves as a pair", () => {
    expect(merge({ local: "l", remote: "r" })).toMatchObject({
      setLocal: "r",
      base: { local: "r", remote: "r" },
      conflict: { winner: "remote" },
    });
    expect(merge({ local: "l", remote: "r", rule: { direction: "two-way", conflict: "local" } })).toMatchObject({
      push: "l",
      base: { local: "r", remote: "r" },
      conflict: { winner: "local" },
    });
    expect(merge({ local: "l", remote: "r", rule: { direction: "two-way", conflict: "manual" } })).toEqual({
      conflict: { base: "base", local: "l", remote: "r", winner: "none" },
      freeze: true,
    });
  });
  test("latest needs both times, and a tie goes to the tracker", () => {
    const rule: FieldRule = { direction: "two-way", conflict: "latest" };
    expect(merge({ local: "l", remote: "r", rule, changedAt: { local: 2, remote: 1 } })).toMatchObject({ push: "l" });
    expect(merge({ local: "l", remote: "r", rule, changedAt: { local: 1, remote: 1 } })).toMatchObject({
      setLocal: "r",
    });
    expect(merge({ local: "l", remote: "r", rule, changedAt: { local: 9, remote: null } })).toMatchObject({
      setLocal: "r",
    });
  });
  test("a lossy mapping never looks like a change", () => {
    const base = { local: "in-progress", remote: open };
    expect(merge({ codec: status, local: "in-progress", remote: open, base })).toEqual({});
    expect(merge({ codec: status, local: "open", remote: open, base })).toEqual({
      base: { local: "open", remote: open },
    });
    expect(merge({ codec: status, local: "in-progress", remote: closed, base })).toMatchObject({ setLocal: "closed" });
    expect(merge({ codec: status, local: "achieved", remote: closed, base: { local: "open", remote: open } })).toEqual({
      base: { local: "achieved", remote: closed },
    });
  });
  test("a field that is not synced travels neither way", () => {
    const rule: FieldRule = { direction: "never", conflict: "remote" };
    for (const base of [undefined, { local: "base", remote: "base" }]) {
      expect(merge({ rule, base, local: "l" })).toEqual({});
      expect(merge({ rule, base, remote: "r" })).toEqual({});
      expect(merge({ rule, base, local: "l", remote: "r" })).toEqual({});
    }
  });
  test("our own unanswered write is recognised, and a newer local value goes out with a record", () => {
    expect(merge({ local: "l1", remote: "l1", journal: [written("l1")] })).toEqual({
      base: { local: "l1", remote: "l1" },
    });
    expect(merge({ local: "l2", remote: "l1", journal: [written("l1")] })).toMatchObject({
      push: "l2",
      base: { local: "l1", remote: "l1" },
      conflict: { winner: "local" },
    });
  });
  test("absent is not cleared, and is reported", () => {
    const base = { local: "critical", remote: ["priority:high"] };
    expect(merge({ codec: priority, local: "critical", remote: [], base })).toEqual({
      base: { local: "critical", remote: [] },
      unmappedRemote: true,
    });
    expect(merge({ codec: priority, local: "major", remote: [], base: { local: "critical", remote: [] } })).toEqual({
      push: ["priority:medium"],
    });
  });
  test("of two owned labels the added one wins; without a way to tell ours is kept", () => {
    const base = { local: "critical", remote: ["priority:high"] };
    expect(
      merge({ codec: priority, local: "critical", remote: ["priority:high", "priority:low"], base }),
    ).toMatchObject({
      setLocal: "minor",
      push: ["priority:low"],
    });
    const both = ["priority:low", "priority:medium"];
    expect(merge({ codec: priority, local: "critical", remote: both, base })).toMatchObject({ unmappedRemote: true });
    expect(
      merge({ codec: priority, local: "critical", remote: both, base: { local: "critical", remote: both } }),
    ).toEqual({ unmappedRemote: true });
  });
  test("the label that lost is not taken for a new one before it is gone", () => {
    const both = ["priority:high", "priority:low"];
    const before = { local: "critical", remote: ["priority:high"] };
    const chosen = merge({ codec: priority, local: "critical", remote: both, base: before });
    expect(chosen).toEqual({
      setLocal: "minor",
      base: { local: "minor", remote: both },
      push: ["priority:low"],
    });
    const base = { local: "minor", remote: both };
    expect(merge({ codec: priority, local: "minor", remote: both, base })).toMatchObject({ push: ["priority:low"] });
    expect(merge({ codec: priority, local: "minor", remote: both, base })).not.toHaveProperty("setLocal");
    expect(merge({ codec: priority, local: "minor", remote: ["priority:low"], base })).toEqual({
      base: { local: "minor", remote: ["priority:low"] },
    });
    expect(merge({ codec: priority, local: "minor", remote: ["priority:high"], base })).toMatchObject({
      setLocal: "critical",
    });
  });
  test("a half-applied label change is finished, not taken for a person's", () => {
    const base = { local: "minor", remote: ["priority:low"] };
    const journal = labelsSent({ local: "critical", before: ["priority:low"], value: ["priority:high"] });
    expect(
      merge({ codec: priority, local: "critical", remote: ["priority:high", "priority:low"], base, journal }),
    ).toMatchObject({ push: ["priority:high"] });
    expect(merge({ codec: priority, local: "critical", remote: [], base, journal })).toMatchObject({
      push: ["priority:high"],
    });
    expect(merge({ codec: priority, local: "minor", remote: [], base, journal })).toMatchObject({
      push: ["priority:low"],
    });
  });
  test("a write of ours that nobody answered is known as ours, also before anything was agreed on", () => {
    const journal = labelsSent({ local: "major", before: [], value: ["priority:medium"] });
    const remote = ["priority:medium"];
    expect(merge({ codec: priority, local: "critical", remote, base: undefined, journal })).toEqual({
      base: { local: "major", remote },
      push: ["priority:high"],
      conflict: { base: "major", local: "critical", remote: "major", winner: "local" },
    });
    expect(merge({ codec: priority, local: "major", remote, base: undefined, journal })).toEqual({
      base: { local: "major", remote },
    });
    expect(merge({ codec: priority, local: "major", remote: [], base: undefined, journal })).toMatchObject({
      push: ["priority:medium"],
    });
  });
  test("a remote value without a counterpart loses, and is where the next write begins", () => {
    const base = { local: "minor", remote: ["priority:low"] };
    expect(merge({ codec: priority, local: "major", remote: [], base })).toEqual({
      base: { local: "minor", remote: [] },
      push: ["priority:medium"],
      unmappedRemote: true,
    });
  });
  test("what goes over a write of ours that nobody answered is recorded, whichever side it goes to", () => {
    const base = { local: "minor", remote: ["priority:low"] };
    const journal = labelsSent({ local: "critical", before: ["priority:low"], value: ["priority:high"] });
    expect(merge({ codec: priority, local: "major", remote: ["priority:high"], base, journal })).toMatchObject({
      push: ["priority:medium"],
      conflict: { local: "major", remote: "critical", winner: "local" },
    });
    expect(merge({ codec: priority, local: "minor", remote: ["priority:medium"], base, journal })).toMatchObject({
      setLocal: "major",
      conflict: { local: "minor", remote: "major", winner: "remote" },
    });
  });
  test("a remote change to what the local value stands for already changes nothing here", () => {
    const base = { local: "trivial", remote: ["priority:medium"] };
    expect(merge({ codec: priority, local: "trivial", remote: ["priority:low"], base })).toEqual({
      base: { local: "trivial", remote: ["priority:low"] },
    });
  });
  test("direction comes before merge", () => {
    const rule = (direction: FieldRule["direction"]): FieldRule => ({ direction, conflict: "remote" });
    expect(merge({ remote: "r", rule: rule("out") })).toEqual({});
    expect(merge({ local: "l", remote: "r", rule: rule("out") })).toMatchObject({ push: "l" });
    expect(merge({ local: "l", rule: rule("in") })).toEqual({});
    expect(merge({ local: "l", remote: "r", rule: rule("in") })).toMatchObject({ setLocal: "r" });
    expect(merge({ local: "l", remote: "r", rule: rule("never") })).toEqual({});
    expect(merge({ local: "l", remote: "r", rule: rule("once") })).toEqual({});
    expect(merge({ local: "l", frozen: true })).toEqual({});
  });
});

describe("any history of two sides", () => {
  const local = fc.constantFrom(...defaultVocabulary.statuses.map((entry) => entry.id));
  const remote = fc.constantFrom(open, closed);
  const rule = fc
    .constantFrom("remote", "local", "latest")
    .map((conflict): FieldRule => ({ direction: "two-way", conflict: conflict as "remote" }));

  test("converges in two passes, sends nothing in the third, and invents no value", () => {
    fc.assert(
      fc.property(local, remote, local, rule, (l, r, baseLocal, fieldRule) => {
        const world = {
          local: l as string,
          remote: r,
          base: { local: baseLocal as string, remote: status.toRemote(baseLocal) ?? null },
        };
        const pass = () => {
          const result = merge({
            codec: status,
            rule: fieldRule,
            local: world.local,
            remote: world.remote,
            base: world.base,
          });
          if (result.base !== undefined) world.base = { local: String(result.base.local), remote: result.base.remote };
          if (typeof result.setLocal === "string") world.local = result.setLocal;
          if (result.push !== undefined) {
            world.remote = result.push;
            world.base = { local: world.local, remote: result.push };
          }
          return result;
        };
        pass();
        pass();
        const last = pass();
        expect(last.push).toBeUndefined();
        expect(last.setLocal).toBeUndefined();
        expect(status.toRemote(world.local)).toBe(world.remote);
        expect([l, ...(r === open ? ["open"] : ["closed"])]).toContain(world.local);
      }),
    );
  });
});

describe("a status that is reached in steps", () => {
  const three = resolveCapabilities({ stateCategories: ["open", "active", "closed"], stateSteps: true });
  const inputs = { vocabulary: defaultVocabulary, capabilities: three, inputs: [] };
  const stepwise = createCodecs({ mapping: resolveMapping(inputs), capabilities: three, token: "br-x" });
  const codec = stepwise.find(({ field }) => field === "status") ?? status;
  const remote = (local: string) => codec.toRemote(local) ?? null;
  const begun: JournalEntry = {
    direction: "out",
    field: "status",
    local: "closed",
    value: remote("closed"),
    before: remote("open"),
    ifVersion: 1,
    at: 0,
  };
  const at = (local: string, found: string, journal: readonly JournalEntry[]) =>
    merge({ codec, local, remote: remote(found), base: { local: "open", remote: remote("open") }, journal });
  const passed = { local: "closed", remote: "in-progress", base: "open", winner: "local" };

  test("and was found in between after an unanswered write goes on, and what stood there is recorded", () =>
    expect(at("closed", "in-progress", [begun])).toEqual({ push: remote("closed"), conflict: passed }));
  test("goes back where the defect has changed back meanwhile", () =>
    expect(at("open", "in-progress", [begun])).toEqual({
      push: remote("open"),
      conflict: { ...passed, local: "open" },
    }));
  test("is agreed where it stands already at what the defect says by now", () =>
    expect(at("in-progress", "in-progress", [begun])).toEqual({
      base: { local: "in-progress", remote: remote("in-progress") },
    }));
  test("comes in from there where nothing was sent", () =>
    expect(at("open", "in-progress", [])).toMatchObject({ setLocal: "in-progress" }));
});
