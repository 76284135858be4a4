import { checkLinearDocument } from "@backref/testing/linear";
import { describe, expect, test } from "vitest";
import * as documents from "../src/documents.ts";
import { contractFolder } from "./support.ts";

const all = Object.entries(documents).map(([name, source]) => ({ name, source }));

test("documents are named by what they are exported as: logs and faults tell them apart by it", () => {
  const names = all.map(({ source }) => /^(?:query|mutation) (\w+)/.exec(source)?.[1]);
  expect(names.toSorted()).toEqual([...new Set(names)].toSorted());
  expect(all.length).toBeGreaterThan(25);
});

describe.each(all)("$name", ({ source }) => {
  test("is one that Linear's own schema has", (context) => {
    const folder = contractFolder();
    if (folder === undefined) {
      context.skip("contracts: Linear's schema is not in the folder that BACKREF_CONTRACTS names");
      return;
    }
    expect(checkLinearDocument(source, folder)).toEqual([]);
  });

  test("is one that the fake answers", () => expect(checkLinearDocument(source)).toEqual([]));
});

test("a document with a member that Linear does not have is told", () => {
  expect(checkLinearDocument("query viewer { viewer { nickname } }")).toEqual([expect.stringContaining("nickname")]);
  expect(checkLinearDocument("query viewer {")).toHaveLength(1);
});
