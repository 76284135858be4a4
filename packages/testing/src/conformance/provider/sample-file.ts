import type { IssueAddress, UploadRequest } from "@backref/core/provider";

/** What the rules upload, byte by byte: no text of any encoding. */
export const sampleBytes: Uint8Array = Uint8Array.from({ length: 3_000 }, (_, index) => (index * 7) % 256);

/** A stream of bytes in chunks, none of which is there before it is asked for. @param onPull told of each */
export function streamOf(
  bytes: Uint8Array,
  chunkBytes: number = bytes.byteLength,
  onPull: () => void = () => {},
): ReadableStream<Uint8Array> {
  let from = 0;
  return new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        if (from >= bytes.byteLength) return controller.close();
        onPull();
        controller.enqueue(bytes.slice(from, from + chunkBytes));
        from += chunkBytes;
      },
    },
    { highWaterMark: 0 },
  );
}

/** A file for an issue, complete. */
export function uploadRequest(issue: IssueAddress, changes: Partial<UploadRequest> = {}): UploadRequest {
  return {
    issue,
    fileName: "trace.bin",
    contentType: "application/octet-stream",
    sizeBytes: sampleBytes.byteLength,
    content: streamOf(sampleBytes),
    ...changes,
  };
}
