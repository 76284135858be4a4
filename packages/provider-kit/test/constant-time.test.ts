import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, test, vi } from "vitest";

const compared = vi.hoisted(() => ({ lengths: [] as [number, number][] }));
vi.mock("node:crypto", async (original) => {
  const crypto = await original<typeof import("node:crypto")>();
  return {
    ...crypto,
    timingSafeEqual(left: Uint8Array, right: Uint8Array) {
      compared.lengths.push([left.byteLength, right.byteLength]);
      return crypto.timingSafeEqual(left, right);
    },
  };
});

const { verifyHmacSha256 } = await import("../src/hmac.ts");

/** Time itself says little on a busy machine; who compares says all. */
describe("signatures are compared in constant time", () => {
  const body = new TextEncoder().encode("{}");
  const good = createHmac("sha256", "secret").update(body).digest("hex");

  test.each([
    ["right", good, true],
    ["wrong from the first byte", `00${good.slice(2)}`, false],
    ["wrong at the last byte", `${good.slice(0, -2)}00`, false],
  ])("one that is %s is compared whole", (_, signature, isGood) => {
    compared.lengths.length = 0;
    expect(verifyHmacSha256({ body, secret: "secret", signature })).toBe(isGood);
    expect(compared.lengths).toEqual([[32, 32]]);
  });

  test("and by nothing else", () => {
    const source = readFileSync(new URL("../src/hmac.ts", import.meta.url), "utf8");
    const comparisons = source.match(/===|!==|\.equals\(|\.compare\(|localeCompare|timingSafeEqual\(/g);
    // An empty secret, no text, the lengths; then the bytes.
    expect(comparisons).toEqual(["===", "!==", "===", "timingSafeEqual("]);
  });
});
