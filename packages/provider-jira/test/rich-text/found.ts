/** Markdown that did not come back once, and why. */
export const foundMarkdown: readonly string[] = [
  // An underscore as a mark began an address of mail.
  "| a | b |\n| --- | :-: |\n| ***@.A total* tail** | ** ** |",
];

/** For a property of one such text. */
export const examples: [string][] = foundMarkdown.map((markdown) => [markdown]);
