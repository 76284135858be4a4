import { expect, test } from "vitest";
import { countContent } from "../../src/engine/counted-content.ts";

function chunks(count: number, end: "close" | Error = "close") {
  const seen = { pulled: 0, isCancelled: false };
  const stream = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        if (seen.pulled === count) {
          if (end === "close") controller.close();
          else controller.error(end);
          return;
        }
        seen.pulled += 1;
        controller.enqueue(new Uint8Array(10));
      },
      cancel() {
        seen.isCancelled = true;
      },
    },
    { highWaterMark: 0 },
  );
  return { seen, stream };
}

async function lengthOf(stream: ReadableStream<Uint8Array>): Promise<number> {
  let length = 0;
  for await (const chunk of stream) length += chunk.byteLength;
  return length;
}

test("bytes are passed on one chunk at a time, and none before somebody asks", async () => {
  const { seen, stream } = chunks(1_000);
  const { stream: counted } = countContent(stream, 10_000);
  expect(seen.pulled).toBe(0);
  const reader = counted.getReader();
  await reader.read();
  await reader.read();
  expect(seen.pulled).toBe(2);
  await reader.cancel();
  expect(seen.isCancelled).toBe(true);
});

test("a file of the right size has no problem", async () => {
  const counted = countContent(chunks(3).stream, 30);
  expect(await lengthOf(counted.stream)).toBe(30);
  expect(counted.problem()).toBeNull();
});

test.each([
  ["more", 20, "close", true],
  ["fewer", 40, "close", true],
  ["no end", 30, new Error("disk gone"), false],
] as const)("a file with %s is an error, for the one who reads and for us", async (_, sizeBytes, end, isLasting) => {
  const counted = countContent(chunks(3, end).stream, sizeBytes);
  await expect(lengthOf(counted.stream)).rejects.toThrow();
  expect(counted.problem()?.isLasting).toBe(isLasting);
});
