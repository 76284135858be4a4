import { describe, expect, test } from "vitest";
import { createGitHubProvider } from "../src/index.ts";
import { site } from "./support.ts";

const provider = createGitHubProvider();
const parse = (text: string, at = site) => provider.parseIssue(text, at);
const inWeb = { container: "acme/web", item: "12" };

describe("parseIssue", () => {
  test.each(["12", "#12", "GH-12", "gh-12", "  #12\n"])("%j names no repository", (text) => {
    expect(parse(text)).toEqual({ container: null, item: "12" });
  });

  test.each([
    "acme/web#12",
    " acme/web#12 ",
    "https://github.com/acme/web/issues/12",
    "http://www.github.com/acme/web/issues/12",
    "https://redirect.github.com/acme/web/issues/12",
    "HTTPS://GitHub.com/acme/web/issues/12",
    "github.com/acme/web/issues/12",
    "https://github.com/acme/web/pull/12",
    "https://github.com/acme/web/pull/12/files",
    "https://github.com/acme/web/issues/12/",
    "https://github.com/acme/web/issues/12?notification=1",
    "https://github.com/acme/web/issues/12#issuecomment-99",
    "  https://github.com/acme/web/issues/12  ",
    "http://github.com/acme/web/issues/12",
    "https://github.com:443/acme/web/issues/12",
    "www.github.com/acme/web/issues/12",
    "https://redirect.github.com/acme/web/issues/12",
    "https://github.com/acme/web/issues/12?a=b#issue-1",
    "https://github.com/acme/web/pull/12#pullrequestreview-1",
    "https://api.github.com/repos/acme/web/issues/12",
    "https://api.github.com/repos/acme/web/pulls/12",
    "https://api.github.com/repos/acme/web/issues/12/comments",
    "https://github.com/orgs/acme/projects/1/views/2?pane=issue&itemId=99&issue=acme%7Cweb%7C12",
    "https://github.com/acme/web/issues?q=is%3Aopen&issue=acme%7Cweb%7C12",
  ])("%j", (text) => {
    expect(parse(text)).toEqual(inWeb);
  });

  test("keeps the case that was typed, and dots and dashes", () => {
    expect(parse("Acme-Inc/my.web_app#7")).toEqual({ container: "Acme-Inc/my.web_app", item: "7" });
  });

  test.each([
    "",
    "#",
    "#0",
    "#012",
    "12a",
    "#12 and more",
    "PROJ-12",
    "acme#12",
    "acme/web",
    "acme/web#x",
    "acme/..#12",
    "-acme/web#12",
    "a/b/c#12",
    "https://gitlab.com/acme/web/issues/12",
    "https://github.com.evil.example/acme/web/issues/12",
    "https://redirect.github.com.evil.example/acme/web/issues/12",
    "https://api.github.com/acme/web/issues/12",
    "https://api.github.com/repos/acme/web/issues",
    "https://github.com/repos/acme/web/issues/12",
    "https://github.com/orgs/acme/projects/1?pane=issue&issue=acme%7Cweb",
    "https://github.com/orgs/acme/projects/1?pane=issue&issue=acme%7C..%7C12",
    "https://evil.example/orgs/acme/projects/1?pane=issue&issue=acme%7Cweb%7C12",
    "https://github.com/acme/web/issues",
    "https://github.com/acme/web/issues/new",
    "https://github.com/acme/web/discussions/12",
    "https://github.com/acme/web/issues/12x",
    "javascript:alert(1)",
    "https://",
  ])("%j is no key", (text) => {
    expect(parse(text)).toBeNull();
  });
});

describe("formatIssue", () => {
  test("canonical keys ignore case, display keys keep it", () => {
    expect(provider.formatIssue({ container: "Acme/Web", item: "12" }, site)).toEqual({
      canonicalKey: "acme/web#12",
      displayKey: "Acme/Web#12",
      url: "https://github.com/Acme/Web/issues/12",
    });
  });

  test.each([
    ["https://api.github.com", null, "https://github.com"],
    ["http://127.0.0.1:4711", null, "https://github.com"],
    ["https://git.example.com/api/v3", null, "https://git.example.com"],
    ["https://example.com/github/api/v3", null, "https://example.com/github"],
    ["https://api.acme.ghe.com", null, "https://acme.ghe.com"],
    ["http://127.0.0.1:4711", "http://localhost:8080", "http://localhost:8080"],
  ])("%s with %s: issues are at %s", (baseUrl, webUrl, expected) => {
    const at = { baseUrl, options: { webUrl } };
    const { url } = provider.formatIssue(inWeb, at);
    expect(url).toBe(`${expected}/acme/web/issues/12`);
    expect(provider.parseIssue(url, at)).toEqual(inWeb);
    expect(provider.parseIssue(`${baseUrl}/repos/acme/web/issues/12`, at)).toEqual(inWeb);
  });
});

describe("createUrl", () => {
  const url = (draft: object) => provider.createUrl?.({ container: "acme/web", ...draft }, site) ?? "";

  test("is the page for a new issue, filled in", () => {
    expect(url({})).toBe("https://github.com/acme/web/issues/new");
    const filled = new URL(url({ title: "50 % & more", description: "a\nb #1" }));
    expect(filled.pathname).toBe("/acme/web/issues/new");
    expect(Object.fromEntries(filled.searchParams)).toEqual({ title: "50 % & more", body: "a\nb #1" });
  });

  test("leaves a description out that is too long for an address", () => {
    expect(url({ title: "Long", description: "ü".repeat(2_000) })).toBe(
      "https://github.com/acme/web/issues/new?title=Long",
    );
    expect(url({ title: "漢".repeat(1_000), description: "More" })).toBe("https://github.com/acme/web/issues/new");
  });
});

describe("container form", () => {
  const { container } = provider.describe();

  test.each([
    "acme/web",
    " acme/web ",
    "acme/web/",
    "acme/web.git",
    "https://github.com/acme/web",
    "https://github.com/acme/web/",
    "https://github.com/acme/web.git",
    "https://github.com/acme/web/issues/12?x#y",
    "git@github.com:acme/web.git",
  ])("%j", (text) => {
    expect(container.parse(text)).toEqual({ ok: true, value: "acme/web" });
  });

  test.each(["", "acme", "acme/", "/web", "a/b/c", "acme/web app", "acme/..", 12, null])("%j is refused", (input) => {
    const result = container.parse(input);
    expect(result.ok).toBe(false);
    if (!result.ok) expect(result.issues[0]?.message).not.toBe("");
  });
});
