import { createHash } from "node:crypto";

/**
 * The id under which Linear makes what belongs to a token: a UUID of version 4 in form, the same for the same token. Linear
 * refuses the second of an id, so whatever is sent twice is made once.
 */
export function idOfToken(token: string): string {
  const bytes = createHash("sha256").update(`backref ${token}`).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const digits = bytes.toString("hex");
  return [8, 12, 16, 20, 32].map((end, index) => digits.slice([0, 8, 12, 16, 20][index], end)).join("-");
}
