import { BackrefError } from "../errors/backref-error.ts";

function tooLarge(limitBytes: number): BackrefError {
  return new BackrefError({
    code: "webhook-rejected",
    message: `The delivery is larger than ${limitBytes} bytes (limits.webhookBodyBytes).`,
    status: 413,
  });
}

/**
 * The raw bytes of a request, as long as there are not too many.
 * @throws BackrefError `webhook-rejected`, with status 413, or 400 where somebody has read them before
 */
export async function readLimitedBody(request: Request, limitBytes: number): Promise<Uint8Array> {
  if (request.bodyUsed || request.body?.locked === true) {
    throw new BackrefError({
      code: "webhook-rejected",
      message: "The body of this request was read before. Hand the request on with its bytes as they came.",
      status: 400,
    });
  }
  const declared = Number(request.headers.get("content-length") ?? "0");
  if (declared > limitBytes) throw tooLarge(limitBytes);
  const parts: Uint8Array[] = [];
  let size = 0;
  if (request.body !== null) {
    for await (const part of request.body) {
      size += part.byteLength;
      if (size > limitBytes) throw tooLarge(limitBytes);
      parts.push(part);
    }
  }
  const body = new Uint8Array(size);
  let offset = 0;
  for (const part of parts) {
    body.set(part, offset);
    offset += part.byteLength;
  }
  return body;
}
