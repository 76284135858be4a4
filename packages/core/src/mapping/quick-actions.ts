/** A line that some tracker may take for a command: `/close`, `/label ~bug`. Paths such as `/usr/lib` are none. */
const command = /^( {0,3}\/)(?=[a-z][\w-]*(?:\s|$))/iu;
const partedCommand = /(?<=(?:^|[\r\n]) {0,3}\/)\u200b(?=[a-z][\w-]*(?:\s|$))/giu;
const fence = /^```(?!`)[^`]*$/;
const fenceEnd = /^ {0,3}`{3,}[ \t]*$/;
/** Where it begins, trackers and their versions differ about which code there is behind it; `---` may begin front matter. */
const unclear = /```|~~~|^[ \t]*(?:<|>>>|---|\+{3}|;;;)/;

/**
 * Puts the breaker behind the slash of every command. Only code between fences of exactly three backticks is spared, and only
 * as long as no reader could see another fence there: a command in code that is none would be carried out.
 */
export function partQuickActions(text: string, breaker: string): string {
  const lines = text.split(/(\r\n|\r|\n)/);
  let isClear = true;
  for (let index = 0; index < lines.length; index += 2) {
    const line = lines[index] ?? "";
    const end = isClear && fence.test(line) ? endOfFence(lines, index) : null;
    if (end !== null) {
      index = end;
      continue;
    }
    const backticks = line.split("`").length - 1;
    if (unclear.test(line) || backticks % 2 === 1) isClear = false;
    lines[index] = line.replace(command, `$1${breaker}`);
  }
  return lines.join("");
}

/** The inverse. */
export function joinQuickActions(text: string): string {
  return text.replace(partedCommand, "");
}

/** Where the fence is closed by three backticks alone; null where it is closed otherwise, or not at all. */
function endOfFence(lines: readonly string[], start: number): number | null {
  for (let index = start + 2; index < lines.length; index += 2) {
    const line = lines[index] ?? "";
    if (fenceEnd.test(line)) return line === "```" ? index : null;
  }
  return null;
}
