import { expect, test } from "vitest";
import { pages } from "./support/documentation.ts";
import { readTracked } from "./support/tracked-files.ts";

/** What every page about a tracker answers, in this order. A tracker's own matters stand between them. */
const headings = [
  "What works",
  "Set-up",
  "Permissions",
  "Mapping",
  "Webhooks",
  "Requests",
  "Limits",
  "Troubleshooting",
];

// Links only: there is nothing to sign in to, to map or to wait for.
const trackers = pages.filter(({ path }) => /^docs\/providers\/(?!url-template)[\w-]+\.md$/.test(path));

test("there is a page for each tracker", () => {
  expect(trackers.length).toBeGreaterThanOrEqual(6);
});

test.each(trackers)("$path has the headings of every tracker's page, in their order", ({ path }) => {
  const found = [...readTracked(path).matchAll(/^## (.+)$/gm)].map(([, heading = ""]) => heading);
  expect(found.filter((heading) => headings.includes(heading))).toEqual(headings);
});

test.each(trackers)("$path says of each trouble what is seen, why, and what to do", ({ path }) => {
  const [, part = ""] = readTracked(path).split("\n## Troubleshooting\n");
  const heads = [...part.matchAll(/^\|(.+)\|\n\| ?-/gm)].map(([, head = ""]) =>
    head.split("|").map((cell) => cell.trim()),
  );
  expect(heads.length).toBeGreaterThan(0);
  for (const head of heads) expect(head).toEqual(["you see", "because", "do this"]);
});
