import { createHash, timingSafeEqual } from "node:crypto";
import type { WebhookDelivery } from "@backref/core/provider";
import { verifyHmacSha256 } from "@backref/provider-kit";

/** How far a delivery's time may be off, as Standard Webhooks has it: https://www.standardwebhooks.com */
const toleranceMs = 5 * 60_000;
const signingKeyBytes = 32;

/** The key of a signing token: what follows `whsec_` in base64, or a webhook secret of Backref's, which is base64url. */
function signingKey(secret: string): Buffer {
  return secret.startsWith("whsec_")
    ? Buffer.from(secret.slice("whsec_".length), "base64")
    : Buffer.from(secret, "base64url");
}

/** A webhook secret in the form that GitLab takes for signing; null where it has not the length for it. */
export function signingTokenOf(secret: string): string | null {
  const key = signingKey(secret);
  return key.byteLength === signingKeyBytes ? `whsec_${key.toString("base64")}` : null;
}

/** True if one of the signatures is the secret's: while a secret is replaced, GitLab sends one of each. */
export function verifySignatures({ headers, body }: WebhookDelivery, secret: string, nowMs: number): boolean {
  const [id, timestamp] = [headers.get("webhook-id"), headers.get("webhook-timestamp")];
  if (id === null || timestamp === null || !/^\d{1,12}$/.test(timestamp)) return false;
  if (Math.abs(nowMs - Number(timestamp) * 1000) > toleranceMs) return false;
  const key = signingKey(secret);
  const content = Buffer.concat([Buffer.from(`${id}.${timestamp}.`), body]);
  return (headers.get("webhook-signature") ?? "").split(" ").some((entry) => {
    const signature = /^v1,([A-Za-z0-9+/]{43}=)$/.exec(entry)?.[1];
    return verifyHmacSha256({ body: content, secret: key, signature, encoding: "base64" });
  });
}

/** Compares a secret that was sent in clear, in a time that says nothing about it. */
export function isSecret(sent: string | null, secret: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return sent !== null && sent !== "" && secret !== "" && timingSafeEqual(digest(sent), digest(secret));
}
