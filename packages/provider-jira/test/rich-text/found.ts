/** Markdown that did not come back once, and why. */
const foundMarkdown: readonly string[] = [
  // An underscore as a mark began an address of mail.
  "| a | b |\n| --- | :-: |\n| ***@.A total* tail** | ** ** |",
  // A picture in a panel of wiki markup came back as a link.
  "> [!WARNING]\n> > ![p](https://example.com/p.png)",
];

/** For a property of one such text. */
export const examples: [string][] = foundMarkdown.map((markdown) => [markdown]);
