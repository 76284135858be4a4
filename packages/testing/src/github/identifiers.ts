import { Buffer } from "node:buffer";

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

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
