import { createHmac, timingSafeEqual } from "node:crypto";

/**
 * True if `signature` is the HMAC-SHA256 of the raw bytes. Compares in constant time; a missing or malformed
 * signature and an empty secret are `false`, never an error.
 */
export function verifyHmacSha256(request: {
  readonly body: Uint8Array;
  /** Text, or the bytes of a key. */
  readonly secret: string | Uint8Array;
  /** As it stands in the header, without a prefix such as `sha256=`. */
  readonly signature: string | null | undefined;
  /** @default "hex" */
  readonly encoding?: "hex" | "base64";
}): boolean {
  const { body, secret, signature, encoding = "hex" } = request;
  if (secret.length === 0 || typeof signature !== "string") return false;
  const expected = createHmac("sha256", secret).update(body).digest();
  const given = Buffer.from(signature, encoding);
  return given.byteLength === expected.byteLength && timingSafeEqual(given, expected);
}
