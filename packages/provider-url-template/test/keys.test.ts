import { describe, expect, test } from "vitest";
import { presets, provider, siteWith } from "./support.ts";

const parse = (text: string, options: unknown) => provider.parseIssue(text, siteWith(options));
const bugzilla = { issueUrlTemplate: "/show_bug.cgi?id={item}" };
const youTrack = {
  issueUrlTemplate: "/issue/{key}",
  keyPattern: "(?<container>[A-Z][A-Z0-9_]*)-(?<item>[1-9][0-9]*)",
  keyCase: "upper",
};

describe.each(presets)("$name", ({ options, container, item, key, url }) => {
  const site = siteWith(options);

  test("writes its key and its URL, and reads both", () => {
    expect(provider.formatIssue({ container, item }, site)).toEqual({ canonicalKey: key, displayKey: key, url });
    expect(provider.parseIssue(url, site)).toEqual({ container, item });
    expect(provider.parseIssue(key, site)).toEqual({ container: container === "tracker" ? null : container, item });
  });

  test("says whether it has one container only", () => {
    expect(provider.onlyContainer?.(site)).toBe(container === "tracker" ? "tracker" : null);
  });
});

describe("URLs", () => {
  test.each([
    "https://tracker.example/show_bug.cgi?id=12",
    "  https://tracker.example/show_bug.cgi?id=12\n",
    "http://tracker.example/show_bug.cgi?id=12",
    "https://TRACKER.example/show_bug.cgi?id=12",
    "https://www.tracker.example/show_bug.cgi?id=12",
    "https://tracker.example:443/show_bug.cgi?id=12",
    "tracker.example/show_bug.cgi?id=12",
    "https://tracker.example/show_bug.cgi?ctype=xml&id=12&list_id=7",
    "https://tracker.example/show_bug.cgi?id=12#c4",
    "https://tracker.example/show_bug.cgi/?id=12",
    "https://tracker.example/show_bug.cgi?id=%31%32",
  ])("%j is Bugzilla's 12", (text) => {
    expect(parse(text, bugzilla)).toEqual({ container: "tracker", item: "12" });
  });

  test.each([
    "https://tracker.example/show_bug.cgi",
    "https://tracker.example/show_bug.cgi?id=",
    "https://tracker.example/show_bug.cgi?id=12x",
    "https://tracker.example/show_bug.cgi?ID=12",
    "https://tracker.example/buglist.cgi?id=12",
    "https://tracker.example/x/show_bug.cgi?id=12",
    "https://tracker.example:8443/show_bug.cgi?id=12",
    "https://tracker.example.evil.example/show_bug.cgi?id=12",
    "https://tracker.example@evil.example/show_bug.cgi?id=12",
    "https://evil.example/show_bug.cgi?id=12",
    "ftp://tracker.example/show_bug.cgi?id=12",
    "https://tracker.example/%ff?id=12",
    "javascript:alert(12)",
  ])("%j is none of Bugzilla's", (text) => {
    expect(parse(text, bugzilla)).toBeNull();
  });

  test.each(["/issue/PROJ-12", "/issue/proj-12", "/issue/PROJ-12/", "/issue/PROJ-12/A-title-of-its-own?p=2#focus"])(
    "%s is YouTrack's PROJ-12",
    (path) => {
      expect(parse(`https://tracker.example${path}`, youTrack)).toEqual({ container: "PROJ", item: "12" });
    },
  );

  test("other hosts of the tracker are understood, and those of nobody are not", () => {
    const options = { ...bugzilla, hostAliases: ["bugs.example", "https://Old.Example:8443/"] };
    const found = { container: "tracker", item: "12" };
    expect(parse("https://bugs.example/show_bug.cgi?id=12", options)).toEqual(found);
    expect(parse("https://old.example:8443/show_bug.cgi?id=12", options)).toEqual(found);
    expect(parse("https://old.example/show_bug.cgi?id=12", options)).toBeNull();
  });

  test("a template may name another host than the base URL; links lead there, and only its URLs are read", () => {
    const options = { issueUrlTemplate: "https://web.example/{item}" };
    expect(provider.formatIssue({ container: "tracker", item: "1" }, siteWith(options)).url).toBe(
      "https://web.example/1",
    );
    expect(parse("https://web.example/1", options)).toEqual({ container: "tracker", item: "1" });
    expect(parse("https://tracker.example/1", options)).toBeNull();
  });

  test("below a base URL with a path and without TLS, where core allowed that", () => {
    const site = siteWith({ issueUrlTemplate: "/ticket/{item}" }, "http://bugs.internal:8080/trac");
    expect(provider.formatIssue({ container: "tracker", item: "7" }, site).url).toBe(
      "http://bugs.internal:8080/trac/ticket/7",
    );
    expect(provider.parseIssue("http://bugs.internal:8080/trac/ticket/7?cversion=1", site)?.item).toBe("7");
    expect(provider.parseIssue("http://bugs.internal:8080/ticket/7", site)).toBeNull();
  });

  test("the issue may stand in the fragment", () => {
    const options = { issueUrlTemplate: "/app#/issues/{item}" };
    expect(parse("https://tracker.example/app?x=1#/issues/7", options)?.item).toBe("7");
    expect(parse("https://tracker.example/app#/boards/7", options)).toBeNull();
  });

  test("what stands twice must be the same", () => {
    const options = { ...youTrack, issueUrlTemplate: "/{container}/view?key={key}" };
    expect(parse("https://tracker.example/proj/view?key=PROJ-1", options)).toEqual({ container: "PROJ", item: "1" });
    expect(parse("https://tracker.example/OTHER/view?key=PROJ-1", options)).toBeNull();
  });

  test("a value is escaped, but the slashes of a path", () => {
    const options = {
      issueUrlTemplate: "/{container}/i?of={container}&n={item}",
      keyPattern: "(?<container>[^:]+):(?<item>.+)",
    };
    const { url } = provider.formatIssue({ container: "a b/ü?#%", item: "1/2&3=4" }, siteWith(options));
    expect(url).toBe("https://tracker.example/a%20b/%C3%BC%3F%23%25/i?of=a%20b%2F%C3%BC%3F%23%25&n=1%2F2%263%3D4");
    expect(parse(url, options)).toEqual({ container: "a b/ü?#%", item: "1/2&3=4" });
  });
});

describe("keys", () => {
  test("what may be left out may be typed or not, and is always written", () => {
    expect(parse("12", bugzilla)).toEqual({ container: null, item: "12" });
    expect(parse("#12", bugzilla)).toEqual({ container: null, item: "12" });
    const optional = { ...youTrack, keyPattern: "(?:(?<container>[A-Z]+)-)?(?<item>[0-9]+)" };
    expect(parse("12", optional)).toEqual({ container: null, item: "12" });
    expect(parse("web-12", optional)).toEqual({ container: "WEB", item: "12" });
    expect(provider.formatIssue({ container: "web", item: "12" }, siteWith(optional)).displayKey).toBe("WEB-12");
  });

  test("without groups the whole key is the item", () => {
    const options = { issueUrlTemplate: "/{item}", keyPattern: "^T[0-9]+$" };
    expect(parse("T7", options)).toEqual({ container: null, item: "T7" });
    expect(parse("t7", options)).toBeNull();
  });

  test("case is kept, or brought to one", () => {
    const options = { issueUrlTemplate: "/{item}", keyPattern: "[A-Za-z]+" };
    expect(parse("aB", options)?.item).toBe("aB");
    expect(parse("aB", { ...options, keyCase: "upper" })?.item).toBe("AB");
    expect(parse("aB", { ...options, keyCase: "lower" })?.item).toBe("ab");
  });

  test.each(["", "#", "12a", "PROJ-", "-12", "PROJ-12 and more", "../12", "9".repeat(600)])("%j is none", (text) => {
    expect(parse(text, youTrack)).toBeNull();
  });

  test.each(["..", ".", "a/../b", "a//b", "/a", "a/", "a\u0000b", "\ud800", " "])(
    "%j cannot stand in a URL, so it is no item",
    (text) => {
      expect(
        parse(`x${text}`, { issueUrlTemplate: "/{item}", keyPattern: "x(?<item>[\\x00-\\x{10FFFF}]+)" }),
      ).toBeNull();
    },
  );
});

test("patterns and texts that defeat backtracking take no time", () => {
  const options = { issueUrlTemplate: "/{item}", keyPattern: "(?:[a-z0-9]+)+(?:a|a)*(?:.*.*)*x" };
  const site = siteWith(options);
  const started = performance.now();
  for (let index = 0; index < 20; index += 1) {
    expect(provider.parseIssue("a".repeat(500), site)).toBeNull();
    expect(provider.parseIssue(`https://tracker.example/${"a".repeat(3_000)}`, site)).toBeNull();
  }
  expect(performance.now() - started).toBeLessThan(10_000);
});
