import { Buffer } from "node:buffer";

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/** A random UUID (version 4) made of `random()` in [0, 1), so that a seeded run repeats it. */
export function createGuid(random: () => number): string {
  const digits = Array.from({ length: 32 }, () => Math.floor(random() * 16));
  digits[12] = 4;
  digits[16] = 8 + ((digits[16] ?? 0) % 4);
  const hex = digits.map((digit) => digit.toString(16)).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/** A token value with GitHub's prefix for its kind. */
export function createTokenValue(
  random: () => number,
  kind: "classic" | "fine-grained" | "installation",
  appId = 0,
): string {
  const pick = (length: number): string =>
    Array.from({ length }, () => alphabet.charAt(Math.floor(random() * alphabet.length))).join("");
  if (kind === "classic") return `ghp_${pick(36)}`;
  // The format since 2026: the app's id and what looks like a JSON web token.
  if (kind === "installation") return `ghs_${appId}_eyJ${pick(33)}.eyJ${pick(60)}.${pick(86)}`;
  return `github_pat_${pick(22)}_${pick(59)}`;
}

/** A global node id such as `I_kwDO…`: the type's prefix, then the ids of the owner and of the thing itself. */
export function createNodeId(prefix: string, ownerId: number, id: number): string {
  const bytes = Buffer.alloc(9);
  bytes.writeUInt32BE(ownerId, 0);
  bytes.writeUInt8(0xce, 4);
  bytes.writeUInt32BE(id, 5);
  return `${prefix}_kwDO${bytes.toString("base64url")}`;
}
