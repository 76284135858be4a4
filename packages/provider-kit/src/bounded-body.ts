import { TransportFailure } from "./transport-failure.ts";

/** Reads a whole body, counting as it goes: neither a missing nor a wrong `Content-Length` gets past the limit. */
export async function readBoundedBody(response: Response, maxBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  if (response.body === null) return new Uint8Array(0);
  const reader = response.body.getReader();
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    sizeBytes += value.byteLength;
    if (sizeBytes > maxBytes) {
      await reader.cancel().catch(() => {});
      throw new TransportFailure({
        kind: "too-large",
        message: `The answer is longer than ${maxBytes} bytes.`,
        status: response.status,
      });
    }
    chunks.push(value);
  }
  const body = new Uint8Array(sizeBytes);
  let offset = 0;
  for (const chunk of chunks) {
    body.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return body;
}
