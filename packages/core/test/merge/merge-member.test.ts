import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createIdentityBook } from "../../src/domain/identity-book.ts";
import type { FieldRule } from "../../src/domain/mapping.ts";
import { assigneeCodec } from "../../src/mapping/assignee-codec.ts";
import { type MergeInput, mergeField } from "../../src/merge/merge-field.ts";
import type { JournalEntry } from "../../src/storage/rows/link-rows.ts";

/** Ada and Ben have an account each, Cem two; u and v are accounts of nobody here, and Zoe has none. */
const identities = createIdentityBook([
  { remoteUserId: "a", hostUserId: "ada", displayName: "Ada", preferred: 1 },
  { remoteUserId: "b", hostUserId: "ben", displayName: "Ben", preferred: 1 },
  { remoteUserId: "c", hostUserId: "cem", displayName: "Cem", preferred: 1 },
  { remoteUserId: "c2", hostUserId: "cem", displayName: "Cem too", preferred: null },
]);
const several = assigneeCodec(identities, true);
const one = assigneeCodec(identities, false);
const twoWay: FieldRule = { direction: "two-way", conflict: "remote" };

const merge = (input: Partial<MergeInput>) =>
  mergeField({
    codec: several,
    rule: twoWay,
    local: "ada",
    remote: ["a"],
    base: { local: "ada", remote: ["a"] },
    journal: [],
    frozen: false,
    changedAt: { local: null, remote: null },
    ...input,
  });

describe("one assignee among several", () => {
  test("nothing changed: nothing", () => expect(merge({})).toEqual({}));
  test("a local change takes one account off and puts one on; the others stay", () => {
    const base = { local: "ada", remote: ["a", "u"] };
    expect(merge({ local: "ben", remote: ["a", "u"], base })).toEqual({ push: ["u", "b"] });
    expect(merge({ local: null, remote: ["a", "u"], base })).toEqual({ push: ["u"] });
    expect(merge({ codec: one, local: "ben", remote: ["a"] })).toEqual({ push: ["b"] });
  });
  test("someone who is assigned already is not assigned again", () => {
    const base = { local: "ada", remote: ["a", "c2"] };
    expect(merge({ local: "cem", remote: ["a", "c2"], base })).toEqual({ push: ["c2"] });
    expect(merge({ local: "cem", remote: ["c2"], base: { local: null, remote: ["c2"] } })).toEqual({
      base: { local: "cem", remote: ["c2"] },
    });
  });
  test("whoever was agreed on counts as long as they are assigned", () => {
    expect(merge({ remote: ["b", "a"] })).toEqual({ base: { local: "ada", remote: ["b", "a"] } });
  });
  test("another one who is assigned instead comes in", () => {
    expect(merge({ remote: ["b"] })).toEqual({ setLocal: "ben", base: { local: "ben", remote: ["b"] } });
    expect(merge({ remote: ["u", "c2", "b"] })).toMatchObject({ setLocal: "cem" });
  });
  test("one who remains comes in, and nobody where nobody does", () => {
    expect(merge({ base: { local: "ada", remote: ["a", "b"] }, remote: ["b"] })).toMatchObject({ setLocal: "ben" });
    expect(merge({ base: { local: "ada", remote: ["a", "u"] }, remote: ["u"] })).toMatchObject({ setLocal: null });
    expect(merge({ remote: [] })).toEqual({ setLocal: null, base: { local: null, remote: [] } });
  });
  test("those who stayed when ours was taken off do not come in for them", () => {
    const base = { local: null, remote: ["b"] };
    expect(merge({ local: null, remote: ["b"], base })).toEqual({});
    expect(merge({ local: null, remote: ["b", "u"], base })).toMatchObject({ unmappedRemote: true });
    expect(merge({ local: null, remote: ["b", "c"], base })).toMatchObject({ setLocal: "cem" });
  });
  test("both changed: the policy decides, and the loser is told", () => {
    expect(merge({ local: "ben", remote: ["c"] })).toEqual({
      setLocal: "cem",
      base: { local: "cem", remote: ["c"] },
      conflict: { base: "ada", local: "ben", remote: "cem", winner: "remote" },
    });
    expect(merge({ local: "ben", remote: ["c", "u"], rule: { ...twoWay, conflict: "local" } })).toEqual({
      push: ["u", "b"],
      base: { local: "cem", remote: ["c", "u"] },
      conflict: { base: "ada", local: "ben", remote: "cem", winner: "local" },
    });
    expect(merge({ local: "ben", remote: ["c"], rule: { ...twoWay, conflict: "manual" } })).toEqual({
      freeze: true,
      conflict: { base: "ada", local: "ben", remote: "cem", winner: "none" },
    });
    expect(merge({ local: "ben", remote: ["b"] })).toEqual({ base: { local: "ben", remote: ["b"] } });
  });
});

describe("people whom the other side does not know", () => {
  test("at the tracker: ours is left alone, and so are they", () => {
    expect(merge({ remote: ["u"] })).toEqual({ unmappedRemote: true, base: { local: "ada", remote: ["u"] } });
    expect(merge({ remote: ["u"], base: { local: "ada", remote: ["u"] } })).toEqual({});
    expect(merge({ local: null, remote: ["u"], base: { local: "ada", remote: ["u"] } })).toEqual({
      base: { local: null, remote: ["u"] },
    });
    expect(merge({ codec: one, base: undefined, remote: ["u"] })).toEqual({
      unmappedRemote: true,
      base: { local: "ada", remote: ["u"] },
    });
  });
  test("at the tracker: one who is replaced by a change of ours at the same time is recorded", () => {
    const conflict = { base: "ada", local: "ben", remote: ["u"], winner: "local" };
    expect(merge({ codec: one, local: "ben", remote: ["u"] })).toMatchObject({ push: ["b"], conflict });
    expect(merge({ local: "ben", remote: ["u"] })).toEqual({
      push: ["u", "b"],
      unmappedRemote: true,
      base: { local: "ada", remote: ["u"] },
    });
  });
  test("here: the tracker's is left alone", () => {
    expect(merge({ local: "zoe" })).toEqual({ unmappedLocal: true });
    expect(merge({ local: "zoe", remote: [], base: undefined })).toEqual({
      unmappedLocal: true,
      base: { local: null, remote: [] },
    });
  });
  test("who was agreed on and comes back after one of them has come, also over a change of ours", () => {
    const base = { local: "ada", remote: ["u"] };
    expect(merge({ base, remote: ["a"] })).toEqual({ base: { local: "ada", remote: ["a"] } });
    expect(merge({ base, remote: ["a"], local: "ben" })).toMatchObject({
      setLocal: "ada",
      conflict: { local: "ben", remote: "ada", winner: "remote" },
    });
  });
  test("nobody comes in as nobody, whoever was there before", () => {
    expect(merge({ remote: [], base: { local: "ada", remote: ["u"] } })).toMatchObject({ setLocal: null });
  });
});

describe("before anything was agreed on", () => {
  test("nobody gives way to somebody, without a loser", () => {
    expect(merge({ local: null, base: undefined })).toEqual({ setLocal: "ada", base: { local: "ada", remote: ["a"] } });
    expect(merge({ remote: [], base: undefined })).toEqual({ push: ["a"], base: { local: null, remote: [] } });
  });
  test("two different people are a conflict, the same ones are not", () => {
    expect(merge({ base: undefined })).toEqual({ base: { local: "ada", remote: ["a"] } });
    expect(merge({ base: undefined, local: "ben" })).toMatchObject({ setLocal: "ada", conflict: { winner: "remote" } });
  });
});

describe("one direction only", () => {
  test("out: what the tracker says is overwritten by the next change, and by nothing else", () => {
    const rule: FieldRule = { ...twoWay, direction: "out" };
    expect(merge({ rule, remote: ["b"] })).toEqual({});
    expect(merge({ rule, local: "cem", remote: ["b", "u"] })).toMatchObject({ push: ["u", "c"] });
    expect(merge({ rule, local: null, base: undefined })).toEqual({ base: { local: null, remote: ["a"] } });
  });
  test("in: nothing is sent", () => {
    const rule: FieldRule = { ...twoWay, direction: "in" };
    expect(merge({ rule, local: "ben" })).toEqual({});
    expect(merge({ rule, remote: ["b"] })).toMatchObject({ setLocal: "ben" });
  });
});

describe("writes of ours whose answer was lost", () => {
  const sent = (value: readonly string[], before: readonly string[]): readonly JournalEntry[] => {
    const entry = { direction: "out", field: "assignee", local: "ben", value, before, ifVersion: 1, at: 0 } as const;
    const element = (id: string, operation: "add" | "remove") => ({ ...entry, element: { value: id, operation } });
    return [
      ...value.filter((id) => !before.includes(id)).map((id) => element(id, "add")),
      ...before.filter((id) => !value.includes(id)).map((id) => element(id, "remove")),
    ];
  };
  test("are known again, whole or half, and are no change of anybody's", () => {
    const journal = sent(["u", "b"], ["a", "u"]);
    const base = { local: "ada", remote: ["a", "u"] };
    expect(merge({ local: "ben", remote: ["b", "u"], base, journal })).toEqual({
      base: { local: "ben", remote: ["b", "u"] },
    });
    expect(merge({ local: "ben", remote: ["a", "b", "u"], base, journal })).toMatchObject({ push: ["b", "u"] });
    expect(merge({ local: "ben", remote: ["a", "u"], base, journal })).toEqual({ push: ["u", "b"] });
  });
  test("leave nobody behind as agreed whom they took off, also for somebody who is assigned here again", () => {
    const journal = sent(["a"], ["b"]).map((entry) => ({ ...entry, local: "ada" }));
    const base = { local: "ben", remote: ["b"] };
    expect(merge({ codec: one, local: "ben", remote: [], base, journal })).toMatchObject({
      push: ["b"],
      conflict: { local: "ben", remote: [], winner: "local" },
    });
  });
  test("take the place of a later one of ours where there is one assignee at most, and are written over again", () => {
    const journal = sent(["b"], []);
    expect(merge({ codec: one, local: "ada", remote: ["b"], base: { local: "ada", remote: ["a"] }, journal })).toEqual({
      base: { local: "ben", remote: ["b"] },
      push: ["a"],
      conflict: { base: "ben", local: "ada", remote: "ben", winner: "local" },
    });
  });
});

test("what our unanswered write may have been undone to is recorded, also while the next assignee waits for an account", () => {
  const entry = {
    direction: "out",
    field: "assignee",
    local: "ben",
    value: ["b"],
    before: ["a"],
    ifVersion: 1,
  } as const;
  const journal: readonly JournalEntry[] = [
    { ...entry, element: { value: "b", operation: "add" }, at: 0 },
    { ...entry, element: { value: "a", operation: "remove" }, at: 0 },
  ];
  const conflict = { base: "ada", remote: [], winner: "local" };
  expect(merge({ local: "cem", remote: [], journal })).toMatchObject({
    push: ["c"],
    conflict: { ...conflict, local: "cem" },
  });
  expect(merge({ local: "zoe", remote: [], journal })).toMatchObject({
    unmappedLocal: true,
    conflict: { ...conflict, local: "zoe" },
    // Or "ada", chosen here once more, would pass for what both sides say.
    base: { local: null, remote: [] },
  });
});

test("whoever stood beside a stranger here is assigned where our unanswered write for another took the stranger off", () => {
  const entry = {
    direction: "out",
    field: "assignee",
    local: "cem",
    value: ["c"],
    before: ["u"],
    ifVersion: 1,
  } as const;
  const journal: readonly JournalEntry[] = [
    { ...entry, element: { value: "c", operation: "add" }, at: 0 },
    { ...entry, element: { value: "u", operation: "remove" }, at: 0 },
  ];
  const base = { local: "ben", remote: ["u"], isApart: true } as const;
  expect(merge({ codec: one, local: "ben", remote: [], base, journal })).toMatchObject({ push: ["b"] });
});

test("whatever happens, nobody is taken off but whoever counted, and one more look does nothing", () => {
  const person = fc.constantFrom("ada", "ben", "cem", "zoe", null);
  const set = fc.uniqueArray(fc.constantFrom("a", "b", "c", "c2", "u", "v"), { maxLength: 4 });
  const policy = fc.constantFrom("remote" as const, "local" as const);
  fc.assert(
    fc.property(
      person,
      set,
      fc.option(fc.record({ local: person, remote: set })),
      policy,
      (local, remote, pair, conflict) => {
        const rule: FieldRule = { direction: "two-way", conflict };
        const first = merge({ rule, local, remote, base: pair ?? undefined });
        const push = (first.push ?? remote) as readonly string[];
        const gone = remote.filter((id) => !push.includes(id));
        expect(new Set(gone.map((id) => identities.userOf(id))).size).toBeLessThanOrEqual(1);
        expect(gone.every((id) => identities.userOf(id) !== undefined)).toBe(true);
        if (first.unmappedLocal === true) return;
        const now = first.setLocal === undefined ? local : first.setLocal;
        const base = first.push === undefined ? (first.base ?? pair ?? undefined) : { local: now, remote: push };
        const second = merge({ rule, local: now, remote: push, base });
        expect([second.push, second.setLocal]).toEqual([undefined, undefined]);
      },
    ),
    { numRuns: 2_000 },
  );
});
