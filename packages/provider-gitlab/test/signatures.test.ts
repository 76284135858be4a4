import { createHmac } from "node:crypto";
import { describe, expect, test } from "vitest";
import { isSecret, signingTokenOf, verifySignatures } from "../src/signatures.ts";

/** As the specification and its libraries publish it: https://www.standardwebhooks.com */
const published = {
  secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
  id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
  timestamp: "1614265330",
  body: '{"test": 2432232314}',
  signature: "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
};
const signedAt = 1_614_265_330_000;
const other = "Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc=";

function verify(changes: Partial<typeof published> = {}, nowMs = signedAt, without: readonly string[] = []): boolean {
  const { secret, id, timestamp, body, signature } = { ...published, ...changes };
  const headers = new Headers({
    "webhook-id": id,
    "webhook-timestamp": timestamp,
    "webhook-signature": signature,
  });
  for (const name of without) headers.delete(name);
  return verifySignatures({ headers, body: new TextEncoder().encode(body) }, secret, nowMs);
}

describe("Standard Webhooks' own test vectors", () => {
  test("the published signature is good", () => {
    expect(verify()).toBe(true);
  });

  test.each([
    ["another body", { body: '{"test": 2432232315}' }],
    ["another id", { id: "msg_p5jXN8AQM9LWM0D4loKWxJeK" }],
    ["another time", { timestamp: "1614265331" }],
    ["a time that is none", { timestamp: "teadwd" }],
    ["a time with a sign", { timestamp: "+1614265330" }],
    ["another secret", { secret: "whsec_c2VjcmV0LW9mLWEtcm90YXRlZC1lbmRwb2ludA==" }],
    ["a secret without a key, which anybody has", { secret: "whsec_", signature: signatureWithoutKey() }],
    ["another signature", { signature: `v1,${other}` }],
    ["a part of a signature", { signature: "v1," }],
    ["a signature without its version", { signature: published.signature.slice("v1,".length) }],
    ["another version of signatures", { signature: published.signature.replace("v1,", "v1a,") }],
    ["no signature", { signature: "" }],
  ])("%s is refused", (_, changes) => {
    expect(verify(changes)).toBe(false);
  });

  test.each(["webhook-id", "webhook-timestamp", "webhook-signature"])("a delivery without %s is refused", (name) => {
    expect(verify({}, signedAt, [name])).toBe(false);
  });

  test("one good signature among others is enough, as while a secret is replaced", () => {
    const signature = `v1,${other} v2,${other} v1a,${other} ${published.signature} v1,${other}`;
    expect(verify({ signature })).toBe(true);
    expect(verify({ signature: `v1,${other} v2,${published.signature.slice("v1,".length)}` })).toBe(false);
  });

  test("a delivery is good for five minutes, by a clock that may be off by as much", () => {
    const minutes = (count: number) => signedAt + count * 60_000;
    expect([-5.1, -5, 0, 5, 5.1].map((count) => verify({}, minutes(count)))).toEqual([false, true, true, true, false]);
  });
});

describe("secrets", () => {
  test("a secret of Backref's becomes GitLab's signing token, where it has the length for it", () => {
    const key = Buffer.alloc(32, 251);
    expect(signingTokenOf(key.toString("base64url"))).toBe(`whsec_${key.toString("base64")}`);
    expect(signingTokenOf("short")).toBeNull();
  });

  test("a secret in clear is the same in every character", () => {
    expect([isSecret("abc", "abc"), isSecret("abd", "abc"), isSecret("", ""), isSecret(null, "abc")]).toEqual([
      ...[true, false, false, false],
    ]);
  });
});

function signatureWithoutKey(): string {
  const content = `${published.id}.${published.timestamp}.${published.body}`;
  return `v1,${createHmac("sha256", "").update(content).digest("base64")}`;
}
