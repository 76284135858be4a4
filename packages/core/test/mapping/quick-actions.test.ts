import { createGitLabProvider } from "@backref/provider-gitlab";
import { extractQuickActions } from "@backref/testing/gitlab";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { neutraliseText, restoreText } from "../../src/mapping/neutral-text.ts";
import { resolveCapabilities } from "../../src/provider/capabilities.ts";

const rules = resolveCapabilities(createGitLabProvider().capabilities);
const shown = (text: string) => neutraliseText(text, rules).replaceAll("\u200b", "¦");

describe("commands in text on its way out", () => {
  test.each([
    ["/close", "/¦close"],
    ["Text\n/label ~bug\r\n   /close", "Text\n/¦label ~bug\r\n   /¦close"],
    [
      "/usr/lib/x.so\n/etc\nand/or /close\n> /close\n- /close",
      "/usr/lib/x.so\n/¦etc\nand/or /close\n> /close\n- /close",
    ],
    ["Run `x`:\n\n```sh\n/close\n```\n/close", "Run `x`:\n\n```sh\n/close\n```\n/¦close"],
    ["~~~\n/close\n~~~", "~~~\n/¦close\n~~~"],
    ["```\n/close", "```\n/¦close"],
    ["````\n```\n/close\n````", "````\n```\n/¦close\n````"],
    ["```\nx\n````\n/close\n```", "```\nx\n````\n/¦close\n```"],
    [" ```\n```\n/close\n```", " ```\n```\n/¦close\n```"],
    ["~~~\n```\n~~~\n/close\n```", "~~~\n```\n~~~\n/¦close\n```"],
    ["a ` b\n\n```\nx `y\n/close\n```", "a ` b\n\n```\nx `y\n/¦close\n```"],
    ["<a>\n```\n</a>\n/close\n```", "<a>\n```\n</a>\n/¦close\n```"],
    ["@lena see #1, !2 and GL-3\n/close", "@¦lena see #¦1, !¦2 and GL-¦3\n/¦close"],
  ])("%j", (text, expected) => {
    expect(shown(text)).toBe(expected);
    expect(restoreText(neutraliseText(text, rules), rules)).toBe(text);
  });

  const pieces = [
    "/close",
    "/label ~x",
    "```",
    "~~~",
    "````",
    "`",
    "\n",
    "\n",
    "\r\n",
    " ",
    "   ",
    ">>>",
    "<p>",
    "</p>",
    "x",
    "- ",
    "> ",
  ];
  const texts = fc.array(fc.constantFrom(...pieces), { maxLength: 16 }).map((parts) => parts.join(""));

  test("none is carried out, whatever stands around it", () => {
    const isQuiet = (text: string) => extractQuickActions(neutraliseText(text, rules)).actions.length === 0;
    fc.assert(fc.property(texts, isQuiet), { seed: 7, numRuns: 3_000 });
  });

  test("comes back as it was", () => {
    const isSame = (text: string) => restoreText(neutraliseText(text, rules), rules) === text;
    fc.assert(fc.property(texts, isSame), { seed: 8, numRuns: 3_000 });
  });

  test("trackers without commands get the text as it is", () => {
    expect(neutraliseText("/close", resolveCapabilities({}))).toBe("/close");
  });
});
