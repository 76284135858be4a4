import { Buffer } from "node:buffer";
import { verifyHmacSha256 } from "@backref/provider-kit";

/** How far clocks may be apart. */
const leewayMs = 60_000;

/** True for a token that the secret signed (HS256) and that has not ended. Never throws. */
export function verifyJwt(token: string, secret: string, nowMs: number): boolean {
  const [header = "", payload = "", signature = ""] = token.split(".");
  const { alg } = decode(header);
  if (alg !== "HS256") return false;
  const body = Buffer.from(`${header}.${payload}`);
  const proof = Buffer.from(signature, "base64url").toString("hex");
  if (!verifyHmacSha256({ body, secret, signature: proof })) return false;
  const { exp } = decode(payload);
  return typeof exp === "number" && exp * 1000 + leewayMs > nowMs;
}

function decode(part: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
