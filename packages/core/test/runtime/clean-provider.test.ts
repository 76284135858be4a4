import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonicalTitle } from "../../src/mapping/canonical-text.ts";
import type { Provider } from "../../src/provider/index.ts";
import { cleanAnswer } from "../../src/runtime/clean-answer.ts";
import { cleanProvider } from "../../src/runtime/clean-provider.ts";
import { cleanLine } from "../../src/runtime/clean-text.ts";
import { safeUrl } from "../../src/runtime/safe-url.ts";
import { createToyProvider } from "../support/toy-provider.ts";

const anyText = fc.string({ unit: "binary", maxLength: 200 });

describe("an address", () => {
  test.each([
    "javascript:alert(1)",
    " javascript:alert(1)",
    "java\tscript:alert(1)",
    "JaVaScRiPt://https://example.com/%0aalert(1)",
    "data:text/html,<script>",
    "vbscript:x",
    "file:///etc/passwd",
    "blob:https://example.com/1",
    "//example.com/x",
    "/x",
    "https:example.com",
    "https://",
    "https:///example.com",
    "https://max:secret@example.com/",
    "https://max@example.com/",
    "https://exa mple.com/",
    `https://example.com/${"x".repeat(8_000)}`,
    "",
    "\0https://example.com",
  ])("%j is none", (text) => expect(safeUrl(text)).toBeNull());

  test.each([
    ["https://example.com/a/b?c=d#e", "https://example.com/a/b?c=d#e"],
    ["http://127.0.0.1:3000/x", "http://127.0.0.1:3000/x"],
    ["https://example.com/ä", "https://example.com/ä"],
    ['https://example.com/"onmouseover="x', "https://example.com/%22onmouseover=%22x"],
    ["https://example.com/'><script>", "https://example.com/%27%3E%3Cscript%3E"],
    ["https://example.com/a\u202eb", "https://example.com/a%E2%80%AEb"],
  ])("%j becomes %j", (text, safe) => expect(safeUrl(text)).toBe(safe));

  test("is either null, or http without anything that ends an attribute; and stays what it is the second time", () => {
    const near = fc.tuple(fc.constantFrom("https://", "http://a.b/", "https://a.b/x?", ""), anyText);
    fc.assert(
      fc.property(near, ([start, rest]) => {
        const safe = safeUrl(start + rest);
        if (safe === null) return;
        expect(safe).toMatch(/^https?:\/\/[^\s"'<>`]+$/i);
        expect(["http:", "https:"]).toContain(new URL(safe).protocol);
        expect(safeUrl(safe)).toBe(safe);
      }),
      { numRuns: 5_000 },
    );
  });
});

describe("a line", () => {
  test("has no end, no controls, no turned directions and a sensible length; a second cleaning changes nothing", () => {
    fc.assert(
      fc.property(
        fc.oneof(anyText, fc.string({ unit: fc.constantFrom("\u202e", "\0", "\n", "😀", "a", "\ud800") })),
        (text) => {
          const line = cleanLine(text.repeat(20));
          expect(line).not.toMatch(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u);
          expect(line.length).toBeLessThanOrEqual(1_000);
          expect(line.isWellFormed()).toBe(true);
          expect(cleanLine(line)).toBe(line);
          // What is compared does not see what is taken away: nothing is written because of it.
          expect(canonicalTitle(cleanLine(text))).toBe(canonicalTitle(cleanLine(canonicalTitle(cleanLine(text)))));
        },
      ),
    );
  });

  test("keeps joined emoji, marks of direction and every script", () => {
    const text = "👩‍👩‍👧 \u200fשלום\u200e العربية ไทย e\u0301";
    expect(cleanLine(text)).toBe(text);
  });

  test("ten million characters cost next to nothing", () => {
    const started = performance.now();
    expect(cleanLine("\u0007".repeat(10_000_000))).toBe(" ");
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});

describe("an answer", () => {
  test("keeps keys as they are, ends at a sensible depth, and leaves a provider's own words alone", () => {
    const answer = JSON.parse('{"__proto__":{"url":"javascript:x"},"url":"javascript:x","raw":{"url":"javascript:x"}}');
    const clean = cleanAnswer(answer) as Record<string, unknown>;
    expect(Object.keys(clean)).toEqual(["__proto__", "url", "raw"]);
    expect(Object.getPrototypeOf(clean)).toBe(Object.prototype);
    expect(JSON.stringify(clean)).toBe('{"__proto__":{"url":null},"url":null,"raw":{"url":"javascript:x"}}');
    let deep: unknown = "x";
    for (let level = 0; level < 100_000; level += 1) deep = [deep];
    expect(() => JSON.stringify(cleanAnswer(deep))).not.toThrow();
  });

  test("has counts that are counts", () => {
    const counts = [0, 7, -1, 1.5, 1e300, Number.NaN, Number.POSITIVE_INFINITY].map((commentCount) => ({
      commentCount,
    }));
    expect((cleanAnswer(counts) as typeof counts).map(({ commentCount }) => commentCount)).toEqual([
      0,
      7,
      ...Array(5).fill(null),
    ]);
  });
});

test("a provider: addresses of issues lead to the tracker at worst, and one bad row holds up no other", async () => {
  const toy = createToyProvider();
  const issues = ["1", "x".repeat(300), "2"].map((item) => ({ remoteId: item, container: "blue", item }));
  const page = { issues, comments: [], cursor: "c", more: false };
  const provider = cleanProvider({
    ...toy,
    formatIssue: ({ item }: { readonly item: string }) => ({ canonicalKey: item, displayKey: item, url: item }),
    changes: { list: () => Promise.resolve(page) },
  } as unknown as Provider);
  const site = { baseUrl: "https://toy.example", options: {} };
  expect(provider.formatIssue({ container: "blue", item: "javascript:1" }, site).url).toBe("https://toy.example");
  const listed = await provider.changes?.list({} as never, {} as never);
  expect(listed?.issues.map(({ item }) => item)).toEqual(["1", "2"]);
});
