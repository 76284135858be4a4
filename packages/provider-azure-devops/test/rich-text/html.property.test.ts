import fc from "fast-check";
import { expect, test } from "vitest";
import { loadRichText } from "../../src/text.ts";

const word = fc.stringMatching(/^[A-Za-zäöü0-9.,:;!?&<>_*#()[\]`~|+=\\/"'-]{1,12}$/);
const line = fc.array(word, { minLength: 1, maxLength: 6 }).map((words) => words.join(" "));
const block = fc.oneof(
  line,
  line.map((text) => `# ${text}`),
  fc.array(line, { minLength: 1, maxLength: 3 }).map((items) => items.map((item) => `- ${item}`).join("\n")),
  fc
    .array(line, { minLength: 1, maxLength: 3 })
    .map((items) => items.map((item, at) => `${at + 1}. ${item}`).join("\n")),
  line.map((text) => `> ${text}`),
  line.map((text) => `\`\`\`\n${text.replaceAll("`", "'")}\n\`\`\``),
  line.map((text) => `**${text.replace(/[*_`\\[\]<>&]/g, "")}**`),
);
const markdown = fc.array(block, { maxLength: 5 }).map((blocks) => blocks.join("\n\n"));

const runs = { numRuns: 300, seed: 20_261_122 };

test("what is written and read again is the same document, and harmless", async () => {
  const { read, write } = await loadRichText();
  fc.assert(
    fc.property(markdown, (text) => {
      const html = write(text, "html", null);
      const once = read(html, "html");
      const again = read(write(once, "html", null), "html");
      expect(again).toBe(once);
      expect(html).not.toMatch(/<(?:script|style|iframe|object)|javascript:| on\w+=/i);
    }),
    runs,
  );
});

test("a text over its own HTML is that HTML, to the byte", async () => {
  const { read, write } = await loadRichText();
  fc.assert(
    fc.property(markdown, (text) => {
      const html = write(text, "html", null);
      expect(write(read(html, "html"), "html", html)).toBe(html);
    }),
    runs,
  );
});
