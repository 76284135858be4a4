/** One command that stood in a text. */
export interface QuickAction {
  readonly name: string;
  readonly argument: string;
}

const commands: ReadonlySet<string> = new Set([
  "close",
  "reopen",
  "label",
  "labels",
  "unlabel",
  "relabel",
  "remove_label",
  "assign",
  "unassign",
  "title",
  "confidential",
  "due",
  "remove_due_date",
  "cc",
]);

const command = /^\/([a-z_]+)(?: (.*))?$/i;

/**
 * Takes the commands out of a text, as GitLab does: a line of its own that begins with `/` and a command's name. Code fenced by
 * exactly three backticks, quotes between `>>>` and blocks of HTML are left alone; other kinds of code are not known to it.
 * Carriage returns go first, wherever they are, and what the text ends with in space goes as well.
 */
export function extractQuickActions(text: string): { readonly text: string; readonly actions: readonly QuickAction[] } {
  const actions: QuickAction[] = [];
  const kept: string[] = [];
  const lines = text.replaceAll("\r", "").split("\n");
  const frontMatterEnd = endOfFrontMatter(lines);
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] ?? "";
    const end = index < frontMatterEnd ? null : endOfBlock(lines, index);
    if (end !== null) {
      kept.push(...lines.slice(index, end + 1));
      index = end;
      continue;
    }
    const [, name = "", argument = ""] = command.exec(line) ?? [];
    if (commands.has(name.toLowerCase())) actions.push({ name: name.toLowerCase(), argument: argument.trim() });
    else kept.push(line);
  }
  return { text: kept.join("\n").trimEnd(), actions };
}

/** GitLab makes a code block of front matter since 17, and a fence in it ends that block. The line after it; 0 for none. */
function endOfFrontMatter(lines: readonly string[]): number {
  const start = lines.findIndex((line) => line.trim() !== "");
  const delimiter = /^(---|\+{3}|;;;)[ \t]*\S*[ \t]*$/.exec(lines[start] ?? "")?.[1];
  if (delimiter === undefined) return 0;
  return lines.findIndex((line, index) => index > start && line.trimEnd() === delimiter) + 1;
}

/** The last line of a block that begins here and is closed; null for none. */
function endOfBlock(lines: readonly string[], start: number): number | null {
  const line = lines[start] ?? "";
  const closing = line.startsWith("```")
    ? /^```$/
    : line.startsWith(">>>")
      ? /^>>>$/
      : htmlBlock.test(line)
        ? htmlEnd
        : null;
  if (closing === null) return null;
  const length = lines.slice(start + 1).findIndex((candidate) => closing.test(candidate));
  return length < 1 ? null : start + 1 + length;
}

const htmlBlock = /^<[^>]+>$/;
const htmlEnd = /^<\/[^>]+>$/;

/** Logins behind `@`, outside of code. */
export function mentionsIn(text: string): readonly string[] {
  const plain = text.replaceAll(/^```[\s\S]*?\n```$/gm, "").replaceAll(/`[^`\n]*`/g, "");
  return [...plain.matchAll(/(?<![\w@])@([\w][\w.-]*)/g)].map(([, name = ""]) => name);
}

/** Numbers of issues that a text refers to, in this project or in one that is named. */
export function referencesIn(text: string): readonly { readonly path: string | null; readonly iid: number }[] {
  const plain = text.replaceAll(/^```[\s\S]*?\n```$/gm, "").replaceAll(/`[^`\n]*`/g, "");
  const short = plain.matchAll(/(?<![\w&/#])(?:([\w.-]+(?:\/[\w.-]+)+)?#|GL-)(\d+)\b/g);
  const named = plain.matchAll(/\[(?:issue|work_item):(?:([\w.-]+(?:\/[\w.-]+)+)\/)?(\d+)\]/g);
  return [...short, ...named].map(([, path, iid]) => ({ path: path ?? null, iid: Number(iid) }));
}
