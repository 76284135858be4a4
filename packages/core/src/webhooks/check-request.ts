import type { Refusal } from "./refusal.ts";

const readable = /^application\/(?:[\w.-]+\+)?json$|^application\/x-www-form-urlencoded$/;

/**
 * What the head of a request alone says against it, whomever it is for; null for nothing. Trackers send JSON, or a form
 * with JSON in it, and never compress it. Unpacking is the sender's own choice of how large a body becomes, so a body that
 * is packed is not read.
 */
export function refuseHead(request: Request, limitBytes: number): Refusal | null {
  if (request.method !== "POST") {
    return { status: 405, message: "Deliveries are sent with POST.", headers: { allow: "POST" } };
  }
  const encoding = request.headers.get("content-encoding")?.trim().toLowerCase() ?? "";
  if (encoding !== "" && encoding !== "identity") {
    const message = "Packed bodies are not read. Send it without Content-Encoding, and leave it as it is on the way.";
    return { status: 415, message };
  }
  const type = request.headers.get("content-type")?.split(";", 1)[0]?.trim().toLowerCase() ?? "";
  if (type !== "" && !readable.test(type)) {
    return { status: 415, message: "Deliveries are application/json, or application/x-www-form-urlencoded." };
  }
  const declared = request.headers.get("content-length")?.trim() ?? "0";
  if (!/^\d+$/.test(declared)) return { status: 400, message: "Content-Length is not one number." };
  return Number(declared) > limitBytes ? tooLarge(limitBytes) : null;
}

export function tooLarge(limitBytes: number): Refusal {
  return { status: 413, message: `The delivery is larger than ${limitBytes} bytes (limits.webhookBodyBytes).` };
}
