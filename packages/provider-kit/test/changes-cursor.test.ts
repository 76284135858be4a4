import { expect, test } from "vitest";
import {
  type AnswerSchema,
  advanceCursor,
  type OverlappingCursor,
  overlappingCursor,
  parseCursor,
} from "../src/index.ts";

type Cursor = OverlappingCursor<number>;
/** Takes whatever has a beginning, as a provider's own schema would. */
const schema: AnswerSchema<Cursor> = {
  safeParse: (data) =>
    typeof data === "object" && data !== null && "since" in data
      ? { success: true, data: data as Cursor }
      : { success: false, error: { issues: [] } },
};
const first: Cursor = { since: 1_000, seen: [], page: null, withComments: false };
const request = { startAt: 1_000, withComments: false };

test.each([null, "", "{", "7", '{"other":1}'])("a cursor of %j begins anew", (cursor) => {
  expect(parseCursor(schema, cursor)).toBeNull();
  expect(overlappingCursor(schema, { ...request, cursor })).toEqual(first);
});

test("a cursor goes on where it was, but all comes from the start once comments are asked for", () => {
  const stored: Cursor = { since: 5_000, seen: [["1", 5_000]], page: 2, withComments: false };
  const cursor = JSON.stringify(stored);
  expect(overlappingCursor(schema, { ...request, cursor })).toEqual(stored);
  expect(overlappingCursor(schema, { ...request, cursor, withComments: true })).toEqual({
    ...first,
    withComments: true,
  });
  const told = JSON.stringify({ ...stored, withComments: true });
  expect(overlappingCursor(schema, { ...request, cursor: told })).toMatchObject({ since: 5_000 });
});

test("of the time that is asked for again, each issue's latest change is remembered; the text does not depend on the order", () => {
  const before: Cursor = {
    ...first,
    since: 3_000,
    seen: [
      ["1", 1_000],
      ["2", 3_000],
    ],
  };
  const after = advanceCursor(
    before,
    [
      ["4", 12_000],
      ["3", 12_000],
      ["2", 2_500],
    ],
    null,
    10_000,
  );
  expect(after).toEqual({
    ...first,
    since: 12_000,
    seen: [
      ["2", 2_500],
      ["3", 12_000],
      ["4", 12_000],
    ],
  });
  expect(
    advanceCursor(
      before,
      [
        ["2", 2_500],
        ["3", 12_000],
        ["4", 12_000],
      ],
      null,
      10_000,
    ),
  ).toEqual(after);
});

test("the memory is bounded, and a page of older rows does not lead back", () => {
  const many = Array.from({ length: 400 }, (_, index): [string, number] => [String(index), 5_000 + index]);
  const after = advanceCursor(first, many, 3, 10_000);
  expect([after.seen.length, after.seen[0], after.page]).toEqual([300, ["100", 5_100], 3]);
  expect(advanceCursor(after, [["x", 4_000]], null, 10_000).since).toBe(5_399);
});
