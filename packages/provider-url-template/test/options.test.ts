import { describe, expect, test } from "vitest";
import { problemsOf, siteWith } from "./support.ts";

const issueUrlTemplate = "/show_bug.cgi?id={item}";
const twoParts = "(?<container>[A-Z]+)-(?<item>[0-9]+)";

test("defaults are filled in", () => {
  expect(siteWith({ issueUrlTemplate }).options).toEqual({
    issueUrlTemplate,
    createUrlTemplate: null,
    keyPattern: "#?(?<item>[1-9][0-9]*)",
    keyCase: "as-is",
    hostAliases: [],
  });
});

test.each([{}, { issueUrlTemplate: "" }])("%j: the issue URL template is needed", (options) => {
  expect(problemsOf(options)).toHaveProperty("issueUrlTemplate");
});

describe("templates", () => {
  test.each([
    ["javascript:alert({item})", "must begin with https://"],
    ["data:text/html,{item}", "must begin with https://"],
    ["http://tracker.example/{item}", "must begin with https://"],
    ["//evil.example/{item}", "must begin with https://"],
    ["tracker.example/{item}", "must begin with https://"],
    ["https:/tracker.example/{item}", "must begin with https://"],
    ["https://{item}.example/", "host cannot hold a placeholder"],
    ["https://tracker.example:{item}/", "host cannot hold a placeholder"],
    ["https://{item}@tracker.example/", "host cannot hold a placeholder"],
    ["{item}://tracker.example/", "must begin with https://"],
    ["https://me:secret@tracker.example/{item}", "user name or password"],
    ["https://me@tracker.example/{item}", "user name or password"],
    ["https://tracker .example/{item}", "must not contain spaces"],
    ["https:\\\\evil.example/{item}", "must not contain spaces, backslashes"],
    ["/\\evil.example/{item}", "must not contain spaces, backslashes"],
    ["/a\u0007/{item}", "must not contain spaces"],
    ["/%EE%80%81/{item}", "characters without a meaning"],
    ["https://[/{item}", "no URL"],
    ["/100%/{item}", "written as %25"],
    ["/bugs", "must contain {item} or {key}"],
    ["/{item}/..", "must contain {item} or {key}"],
    ["/{id}", "no placeholder {id}, only {container}, {item}, {key}"],
    ["/{title}/{item}", "no placeholder {title}"],
    ["/{item", "brace is missing"],
    ["/item}", "brace is missing"],
    ["/?{item}", "behind a ="],
    ["/?id={item}&id=2", "in the query twice"],
    ["/{item}/{item}", "each placeholder may stand once"],
  ])("%j is refused: %s", (template, words) => {
    expect(problemsOf({ issueUrlTemplate: template })["issueUrlTemplate"]).toContain(words);
  });

  test.each([
    ["javascript:alert(1)", "must begin with https://"],
    ["https://{title}.example", "host cannot hold a placeholder"],
    ["/new?s={summary}", "no placeholder {summary}, only {container}, {title}, {description}"],
  ])("create URL %j is refused: %s", (createUrlTemplate, words) => {
    expect(problemsOf({ issueUrlTemplate, createUrlTemplate })["createUrlTemplate"]).toContain(words);
  });

  test("the container of a key has to be in the URL", () => {
    const problem = problemsOf({ issueUrlTemplate, keyPattern: twoParts })["issueUrlTemplate"];
    expect(problem).toContain("must contain {container} or {key}");
  });

  test("the container of a URL has to be in the key", () => {
    const problem = problemsOf({ issueUrlTemplate: "/{container}/{item}" })["issueUrlTemplate"];
    expect(problem).toContain("needs a group (?<container>…)");
  });

  test.each([
    ["/{container}{item}", "something has to stand between"],
    ["/{container}A{item}", "both may hold it"],
    ["/{key}-{item}", "both may hold it"],
    ["/{container}/{item}/{key}", "two values at most"],
  ])("%j is refused: %s", (template, words) => {
    const keyPattern = "(?<container>[A-Z]+)-(?<item>[A-Z0-9-]+)";
    expect(problemsOf({ issueUrlTemplate: template, keyPattern })["issueUrlTemplate"]).toContain(words);
  });

  test("what stands between two values may stand in one of them", () => {
    const keyPattern = "(?<container>[A-Z-]+)-(?<item>[0-9]+)";
    expect(problemsOf({ issueUrlTemplate: "/{container}-{item}", keyPattern })).toEqual({});
  });
});

describe("key patterns", () => {
  test.each([
    ["[0-9", "no regular expression in RE2 syntax: missing closing ]"],
    ["(?<item>[0-9]+)(?=x)", "no regular expression in RE2 syntax"],
    ["([0-9])\\1", "no regular expression in RE2 syntax"],
    ["(?<container>[A-Z]+)", "group (?<item>…) is missing"],
    ["(?<number>[0-9]+)", 'no group "number"'],
    ["(?<item>(?<container>[A-Z])-[0-9]+)", "cannot stand in each other"],
    ["(?<item>[0-9]+)?", "Only the container may be left out"],
    ["(?i)t(?<item>[0-9]+)", "Of groups that begin with (?"],
    ["[A-Z]+-(?<item>[0-9]+)", '"[A-Z]" varies or repeats'],
    ["\\d(?<item>[0-9]+)", '"\\d" varies or repeats'],
    ["#*(?<item>[0-9]+)", '"*" varies or repeats'],
    ["(?<item>[0-9]+)|x", '"|" varies or repeats'],
    ["(?:#)(?<item>[0-9]+)", "needs a ? behind it"],
    ["(?<item>[0-9]*)", "must have at least one character"],
    ["[0-9]*", "must have at least one character"],
    ["(?<container>[A-Z]+)(?<item>[0-9]+)", "something has to stand between container and item"],
    ["(?<container>[A-Z-]+)-(?<item>[0-9-]+)", "both may hold it"],
    ["(?<container>.+)-(?<item>.+)", "both may hold it"],
    ["(?<container>\\S+)-(?<item>\\pL+|[^a])", "both may hold it"],
    ["(?<item>[0-9]+)/", "Slashes in a key"],
    ["(?:[a-z]{1,400}x){1,2}", "too large"],
    ["((a{100}){100}){100}", "no regular expression in RE2 syntax"],
    ["\\Qa\\E", "in another way"],
  ])("%j is refused: %s", (keyPattern, words) => {
    expect(problemsOf({ issueUrlTemplate: "/{key}", keyPattern })["keyPattern"]).toContain(words);
  });

  test.each([
    twoParts,
    `^${twoParts}$`,
    "(?<container>[A-Z]+)?-(?<item>[0-9]+)",
    "(?:(?<container>[A-Z]+)\\.)?(?<item>[0-9]+)",
    "bug #?(?<item>[0-9]+)",
    "(?<item>(?:CAPA|RISK)-[0-9]{4})",
    "(CAPA|RISK)-\\d{4}",
    "\\$(?<item>[\\d.,[:alpha:]\\]]+)\\)",
  ])("%j is taken", (keyPattern) => {
    expect(problemsOf({ issueUrlTemplate: "/{key}", keyPattern })).toEqual({});
  });
});

test.each(["", "bugs.example/path", "https://me@bugs.example", "not a host"])("host alias %j is refused", (host) => {
  expect(problemsOf({ issueUrlTemplate, hostAliases: [host] })["hostAliases.0"]).toContain("Give a host");
});
