/** A doc comment, taken apart. All texts are Markdown. */
export interface DocComment {
  readonly summary: string;
  readonly parameters: readonly { readonly name: string; readonly text: string; readonly defaultText: string | null }[];
  readonly returns: string | null;
  /** Kind and circumstances of each error, for example ``BackrefError `not-found` ``. */
  readonly throws: readonly string[];
  readonly defaultText: string | null;
  /** Code with its fences. */
  readonly examples: readonly string[];
}

const TAG = /(?:^|(?<=\s))@(default|param|returns|throws|example|packageDocumentation)(?![\w-])/;

/** @param comment what stands between `/*` and `*` + `/`, the second star of the beginning included */
export function readDocComment(comment: string): DocComment {
  const text = comment
    .replace(/^\*/, "")
    .split("\n")
    .map((line, index) => (index === 0 ? line : line.replace(/^\s*\* ?/, "")))
    .join("\n")
    .trim();
  const [summary = "", ...rest] = text.split(TAG);
  const doc = {
    summary: summary.trim(),
    parameters: [] as { name: string; text: string; defaultText: string | null }[],
    returns: null as string | null,
    throws: [] as string[],
    defaultText: null as string | null,
    examples: [] as string[],
  };
  let parameter: (typeof doc.parameters)[number] | null = null;
  for (let index = 0; index < rest.length; index += 2) {
    const tag = rest[index];
    const value = (rest[index + 1] ?? "").trim();
    if (tag === "default" && parameter !== null) parameter.defaultText = value;
    else if (tag === "default") doc.defaultText = value;
    else if (tag === "returns") doc.returns = value;
    else if (tag === "throws") doc.throws.push(value);
    else if (tag === "example") doc.examples.push(value);
    parameter = null;
    if (tag !== "param") continue;
    const [name = "", ...words] = value.split(/(?<=^\S+)\s+/);
    parameter = { name, text: words.join(" "), defaultText: null };
    doc.parameters.push(parameter);
  }
  return doc;
}
