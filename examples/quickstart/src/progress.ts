/** One line that keeps changing while a step is under way, and stays once the step is done. */
export interface Progress {
  /** Shown on a terminal only. */
  update(text: string): void;
  done(text: string): void;
  fail(text: string): void;
}

/** On a terminal the line is written over; elsewhere every finished step is a line of its own. */
export function createProgress(output: NodeJS.WriteStream): Progress {
  let shown = "";
  const write = (text: string): void => {
    if (text === shown) return;
    shown = text;
    output.write(`\r\u001B[2K${text.slice(0, Math.max(0, (output.columns ?? 80) - 1))}`);
  };
  const keep = (text: string): void => {
    if (output.isTTY) output.write("\r\u001B[2K");
    output.write(`${text}\n`);
    shown = "";
  };
  return {
    update(text) {
      if (output.isTTY) write(`… ${text}`);
    },
    done: (text) => keep(`✓ ${text}`),
    fail: (text) => keep(`✗ ${text}`),
  };
}
