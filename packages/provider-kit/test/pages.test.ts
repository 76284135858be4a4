import { expect, test } from "vitest";
import { addressWith, belowAddress, parseShape, UnexpectedShape } from "../src/index.ts";

const base = "https://jira.example.com/jira";

test.each([
  ["https://jira.example.com/jira/browse/WEB-1/?x=1#y", "/browse/WEB-1"],
  ["http://jira.example.com/jira/browse/WEB-1", "/browse/WEB-1"],
  ["jira.example.com/jira/browse/WEB-1", "/browse/WEB-1"],
  ["https://jira.example.com/jira", ""],
  ["https://jira.example.com/jirab/browse/WEB-1", null],
  ["https://evil.example.com/jira/browse/WEB-1", null],
  ["https://%", null],
])("what %s has below the address is %j", (text, path) => {
  expect(belowAddress(text, base)?.path ?? null).toBe(path);
});

test("hosts can be compared by another name", () => {
  const hostOf = (url: URL) => url.host.replace(/^www\./, "");
  expect(belowAddress("https://www.example.com/a", "https://example.com", hostOf)?.path).toBe("/a");
  expect(belowAddress("https://www.example.com/a", "https://example.com")).toBe(null);
});

test("an address takes as many parts as fit, and none behind one that does not", () => {
  const parts = [
    ["title", "T"],
    ["body", "x".repeat(50)],
    ["more", "m"],
  ] as const;
  expect(addressWith("https://example.com/new", parts, 200)).toBe(
    `https://example.com/new?title=T&body=${"x".repeat(50)}&more=m`,
  );
  expect(addressWith("https://example.com/new", parts, 60)).toBe("https://example.com/new?title=T");
  expect(
    addressWith(
      "https://example.com/new",
      [
        ["title", undefined],
        ["body", "b"],
      ],
      60,
    ),
  ).toBe("https://example.com/new?body=b");
});

test("an answer of another shape is told with the path to what is wrong", () => {
  const failing = {
    safeParse: () => ({
      success: false as const,
      error: { issues: [{ path: ["fields", 0], message: "Expected a text" }] },
    }),
  };
  expect(() => parseShape(failing, {}, "issue")).toThrow(new UnexpectedShape("issue.fields.0: Expected a text"));
});
