import { expect, test } from "vitest";
import { provider, siteWith } from "./support.ts";

const bugzilla = siteWith({
  issueUrlTemplate: "/show_bug.cgi?id={item}",
  createUrlTemplate: "/enter_bug.cgi?product={container}&short_desc={title}&comment={description}",
});

test("fills in what is given, escaped", () => {
  const url = provider.createUrl?.({ container: "My Product", title: "a&b=c#d", description: "1\n2 ü" }, bugzilla);
  expect(url).toBe(
    "https://tracker.example/enter_bug.cgi?product=My%20Product&short_desc=a%26b%3Dc%23d&comment=1%0A2%20%C3%BC",
  );
});

test("leaves empty what is absent", () => {
  expect(provider.createUrl?.({ container: "" }, bugzilla)).toBe(
    "https://tracker.example/enter_bug.cgi?product=&short_desc=&comment=",
  );
});

test("cuts a long description off, at no half of a character", () => {
  const url = provider.createUrl?.({ container: "", title: "Long", description: "😀".repeat(5_000) }, bugzilla) ?? "";
  const description = new URL(url).searchParams.get("comment") ?? "";
  expect(url.length).toBeLessThanOrEqual(8_000);
  expect(url.length).toBeGreaterThan(7_900);
  expect(description).toMatch(/^(?:😀)+$/u);
});

test("is null for a source without a template for it", () => {
  expect(provider.createUrl?.({ container: "", title: "x" }, siteWith({ issueUrlTemplate: "/{item}" }))).toBeNull();
});

test("is null where it names a container and the tracker's keys have none, as long as nobody says which", () => {
  expect(provider.createUrl?.({ container: "tracker", title: "x" }, bugzilla)).toBeNull();
  const trac = siteWith({ issueUrlTemplate: "/ticket/{item}", createUrlTemplate: "/newticket?summary={title}" });
  expect(provider.createUrl?.({ container: "tracker", title: "x" }, trac)).toContain("?summary=x");
});

test("cuts a title off as well where it alone is too long", () => {
  const url = provider.createUrl?.({ container: "", title: "漢".repeat(1_000), description: "漢" }, bugzilla) ?? "";
  expect(url.length).toBeLessThanOrEqual(8_000);
  expect(new URL(url).searchParams.get("short_desc")).toMatch(/^漢+$/u);
  expect(new URL(url).searchParams.get("comment")).toBe("");
});
