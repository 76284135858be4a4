/** A file's content on its way, and what was wrong with it. */
export interface CountedContent {
  /** Ends with an error where the host's stream does, or has more or fewer bytes than it said. */
  readonly stream: ReadableStream<Uint8Array>;
  /** Why the content ended with an error, in words; null while it has not. */
  problem(): { readonly message: string; readonly isLasting: boolean } | null;
}

/** Passes a file's bytes on as they are asked for, and holds the host to the size it gave. Never collects them. */
export function countContent(content: ReadableStream<Uint8Array>, sizeBytes: number): CountedContent {
  const reader = content.getReader();
  let count = 0;
  let problem: ReturnType<CountedContent["problem"]> = null;
  const fail = (message: string, isLasting: boolean): Error => {
    problem = { message, isLasting };
    return new Error(message);
  };
  const stream = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        let next: Awaited<ReturnType<typeof reader.read>>;
        try {
          next = await reader.read();
        } catch (error) {
          const why = error instanceof Error ? error.message : String(error);
          controller.error(fail(`The file could not be read to its end: ${why}`, false));
          return;
        }
        if (next.done) {
          if (count === sizeBytes) controller.close();
          else controller.error(fail(`The file has ${count} bytes, not the ${sizeBytes} that were given.`, true));
          return;
        }
        if (!((next.value as unknown) instanceof Uint8Array)) {
          controller.error(fail("The file's stream must give bytes (Uint8Array), and gave something else.", true));
          await reader.cancel().catch(() => {});
          return;
        }
        count += next.value.byteLength;
        if (count > sizeBytes) {
          controller.error(fail(`The file has more than the ${sizeBytes} bytes that were given.`, true));
          await reader.cancel().catch(() => {});
          return;
        }
        controller.enqueue(next.value);
      },
      cancel: (reason) => reader.cancel(reason),
    },
    // Nothing is read before somebody asks.
    { highWaterMark: 0 },
  );
  return { stream, problem: () => problem };
}
