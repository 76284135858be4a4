import type { Runtime } from "../runtime/runtime.ts";
import { withTimeLimit } from "../runtime/time-limit.ts";
import { tooLarge } from "./check-request.ts";
import type { Refusal } from "./refusal.ts";

export type LimitedBody = { readonly bytes: Uint8Array } | { readonly refusal: Refusal };

/**
 * The raw bytes of a request, as long as there are not too many (413) and they come in time (408). Refused with 400 where
 * somebody has read them before, or the sender breaks off.
 * @param keeps false reads just as far and keeps nothing, so that a stranger can neither fill the memory nor learn anything
 */
export async function readLimitedBody(
  runtime: Pick<Runtime, "scheduler" | "limits">,
  request: Request,
  { keeps }: { readonly keeps: boolean },
): Promise<LimitedBody> {
  if (request.bodyUsed || request.body?.locked === true) {
    const message = "The body of this request was read before. Hand the request on with its bytes as they came.";
    return { refusal: { status: 400, message } };
  }
  if (request.body === null) return { bytes: new Uint8Array(0) };
  const { webhookBodyMs: durationMs } = runtime.limits;
  const reader = request.body.getReader();
  const late: Refusal = {
    status: 408,
    message: `The body did not arrive within ${durationMs} ms (limits.webhookBodyMs).`,
  };
  return withTimeLimit(runtime, { durationMs, reason: () => late }, async (signal) => {
    const ended = new Promise<Refusal>((resolve) => {
      signal.addEventListener("abort", () => resolve(late), { once: true });
    });
    const read = collect(reader, runtime.limits.webhookBodyBytes, keeps);
    const outcome = await Promise.race([read, ended.then((refusal): LimitedBody => ({ refusal }))]);
    // What is still on its way is not waited for: a sender that says no more would keep it open for ever.
    if ("refusal" in outcome) void reader.cancel().catch(() => {});
    return outcome;
  });
}

async function collect(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  limitBytes: number,
  keeps: boolean,
): Promise<LimitedBody> {
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      size += value.byteLength;
      if (size > limitBytes) return { refusal: tooLarge(limitBytes) };
      if (keeps) parts.push(value);
    }
  } catch {
    return { refusal: { status: 400, message: "The body broke off." } };
  }
  const bytes = new Uint8Array(keeps ? size : 0);
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.byteLength;
  }
  return { bytes };
}
