/** Somebody pressed Ctrl-C, or the system wants the program to end. */
export class Interrupted extends Error {
  override readonly name: string = "Interrupted";
}

/** Aborted by the first Ctrl-C, so that everything can be closed in order; a second one ends the process at once. */
export function listenForInterruption(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.once(signal, () => controller.abort(new Interrupted(`Stopped by ${signal}.`)));
  return controller.signal;
}

/** What the task gives, unless the interruption comes first; then it throws, and the task is left alone. */
export async function unlessInterrupted<T>(signal: AbortSignal, task: () => Promise<T>): Promise<T> {
  signal.throwIfAborted();
  const interrupted = new Promise<never>((_resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
  return Promise.race([task(), interrupted]);
}
