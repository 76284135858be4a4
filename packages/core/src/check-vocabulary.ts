const categories: readonly unknown[] = ["open", "active", "closed"];
const isWord = (value: unknown): value is string => typeof value === "string" && value.trim() !== "";

function repeated(words: readonly unknown[]): unknown {
  return words.find((word, index) => words.indexOf(word) !== index);
}

/** @throws TypeError for words that could not be told apart or mapped, naming the place */
export function checkVocabulary(vocabulary: Readonly<Record<string, unknown>>): void {
  const { statuses, priorities } = vocabulary;
  if (!Array.isArray(statuses) || statuses.length === 0) {
    throw new TypeError("createBackref: vocabulary.statuses needs at least one { id, category }.");
  }
  for (const [index, status] of statuses.entries()) {
    const { id, category } = (status ?? {}) as { readonly id?: unknown; readonly category?: unknown };
    const place = `createBackref: vocabulary.statuses[${index}]`;
    if (!isWord(id)) throw new TypeError(`${place} needs an \`id\`, a text, and a \`category\`.`);
    if (!categories.includes(category)) {
      throw new TypeError(`${place} ("${id}") needs a \`category\`: one of ${categories.join(", ")}.`);
    }
  }
  if (!Array.isArray(priorities) || !priorities.every(isWord)) {
    throw new TypeError("createBackref: vocabulary.priorities must be a list of texts, most urgent first.");
  }
  for (const [name, words] of [
    ["statuses", statuses.map(({ id }: { readonly id: string }) => id)],
    ["priorities", priorities],
  ] as const) {
    const twice = repeated(words);
    if (twice !== undefined) throw new TypeError(`createBackref: vocabulary.${name} has "${String(twice)}" twice.`);
  }
}
