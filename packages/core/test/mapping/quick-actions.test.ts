import { createGitLabProvider } from "@backref/provider-gitlab";
import { extractQuickActions } from "@backref/testing/gitlab";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { neutraliseText, restoreText } from "../../src/mapping/neutral-text.ts";
import { resolveCapabilities } from "../../src/provider/resolved-capabilities.ts";

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
    ["---\n```\n/close\n```\n---", "---\n```\n/¦close\n```\n---"],
    ["+++ toml\n```\n/close\n```\n+++", "+++ toml\n```\n/¦close\n```\n+++"],
    ["<!--\n/close\n-->", "<!--\n/¦close\n-->"],
    ["@lena see #1, !2 and GL-3\n/close", "@¦lena see #¦1, !¦2 and GL-¦3\n/¦close"],
    [
      "@all: &12, acme&amp;3, &#38;4, AT&T, a && b, &nbsp;5",
      "@¦all: &¦12, acme&amp;¦3, &#38;¦4, AT&T, a && b, &nbsp;5",
    ],
    [
      "[issue:1], \\[Work\\_Item:acme/web/2], [epic&#58;3] and [x](y)",
      "[¦issue:1], \\[¦Work\\_Item:acme/web/2], [¦epic&#58;3] and [x](y)",
    ],
    ["`[issue:1]` [issues:1] [issue] ~bug %1.0 $3", "`[issue:1]` [issues:1] [issue] ~bug %1.0 $3"],
  ])("%j", (text, expected) => {
    expect(shown(text)).toBe(expected);
    expect(restoreText(neutraliseText(text, rules), rules)).toBe(text);
  });

  const pieces = [
    "---\n",
    "/",
    "close",
    "\r",
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
    // Carriage returns alone count as ends of lines.
    const isSame = (text: string) =>
      restoreText(neutraliseText(text, rules), rules) === text.replace(/\r(?!\n)/g, "\n");
    fc.assert(fc.property(texts, isSame), { seed: 8, numRuns: 3_000 });
  });

  test("nothing is joined by a tracker that takes out carriage returns", () => {
    const sent = neutraliseText("/\rclose @\rlena #\r1\r\n/\rclose", rules);
    expect(sent).toBe("/\nclose @\nlena #\n1\r\n/\nclose");
  });

  test("trackers without commands get the text as it is", () => {
    expect(neutraliseText("/close", resolveCapabilities({}))).toBe("/close");
  });
});
