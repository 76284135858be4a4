import { checkLinearDocument } from "@backref/testing/linear";
import { describe, expect, test } from "vitest";
import { contractFolder, needContract } from "../../../tests/support/contracts.ts";
import * as documents from "../src/documents.ts";

const all = Object.entries(documents).map(([name, source]) => ({ name, source }));

test("documents are named by what they are exported as: logs and faults tell them apart by it", () => {
  const names = all.map(({ source }) => /^(?:query|mutation) (\w+)/.exec(source)?.[1]);
  expect(names.toSorted()).toEqual([...new Set(names)].toSorted());
  expect(all.length).toBeGreaterThan(25);
});

describe.each(all)("$name", ({ source }) => {
  test("is one that Linear's own schema has", (context) => {
    needContract(context, "linear");
    expect(checkLinearDocument(source, contractFolder("linear"))).toEqual([]);
  });

  test("is one that the fake answers", () => expect(checkLinearDocument(source)).toEqual([]));
});

test("a document with a member that Linear does not have is told", () => {
  expect(checkLinearDocument("query viewer { viewer { nickname } }")).toEqual([expect.stringContaining("nickname")]);
  expect(checkLinearDocument("query viewer {")).toHaveLength(1);
});
