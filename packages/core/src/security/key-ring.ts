import { createHmac, hkdfSync } from "node:crypto";
import { type Random, systemRandom } from "../ports/random.ts";

/** A key that credentials are encrypted with (AES-256-GCM), and its name. */
export interface SecretKey {
  /** Stored beside every secret, so that old keys can be told from new ones. 1 to 64 letters, digits, `.`, `_` or `-`. */
  readonly id: string;
  /** 32 bytes: a `Uint8Array`, or base64, base64url or hexadecimal text. `openssl rand -base64 32` makes one. */
  readonly key: string | Uint8Array | undefined;
}

/** The host's secret keys. The first encrypts, all decrypt. */
export interface KeyRing {
  readonly current: { readonly id: string; readonly bytes: Uint8Array };
  /** Undefined for a key that is not in the ring. */
  find(id: string): Uint8Array | undefined;
  /** The same short text for the same input under the same first key; tells nothing about the input without that key. */
  fingerprint(text: string): string;
}

const keyLength = 32;
const howToMakeOne = "Make one with `openssl rand -base64 32` and keep it in the environment or a vault.";

/**
 * @throws TypeError for an empty ring, a repeated id, or a key that is not 32 bytes
 */
export function createKeyRing(secretKeys: readonly SecretKey[]): KeyRing {
  const keys = new Map<string, Uint8Array>();
  for (const entry of secretKeys) {
    const { id, key } = (entry ?? {}) as Partial<SecretKey>;
    if (typeof id !== "string" || !/^[\w.-]{1,64}$/.test(id)) {
      throw new TypeError(
        'secretKeys: every key is { id, key }, with an `id` of 1 to 64 letters, digits, `.`, `_` or `-`, such as { id: "2026-11", key: process.env.BACKREF_KEY }.',
      );
    }
    if (keys.has(id))
      throw new TypeError(`secretKeys: the id "${id}" is given twice. Ids tell keys apart; rename one.`);
    keys.set(id, keyBytes(id, key));
  }
  const [current] = keys;
  if (current === undefined) throw new TypeError(`secretKeys: at least one key is needed. ${howToMakeOne}`);
  const [id, bytes] = current;
  const fingerprintKey = Buffer.from(hkdfSync("sha256", bytes, "", "backref fingerprint", keyLength));
  return {
    current: { id, bytes },
    find: (keyId) => keys.get(keyId),
    fingerprint: (text) => createHmac("sha256", fingerprintKey).update(text).digest("hex").slice(0, 16),
  };
}

/** A fresh key as base64, for demonstrations and tests with an in-memory storage. Lost with the process if nobody keeps it. */
export function generateSecretKey(random: Random = systemRandom): string {
  return Buffer.from(random.bytes(keyLength)).toString("base64");
}

function keyBytes(id: string, key: unknown): Uint8Array {
  const bytes = decodeKey(key);
  if (bytes?.length === keyLength) return bytes;
  throw new TypeError(
    key === undefined || key === ""
      ? `secretKeys: the key "${id}" is missing; is its environment variable set? ${howToMakeOne}`
      : `secretKeys: the key "${id}" must be 32 bytes as a Uint8Array or as base64, base64url or hexadecimal text. ${howToMakeOne}`,
  );
}

function decodeKey(key: unknown): Uint8Array | null {
  if (key instanceof Uint8Array) return Uint8Array.from(key);
  if (typeof key !== "string") return null;
  const text = key.trim();
  if (/^[0-9a-f]{64}$/i.test(text)) return Uint8Array.from(Buffer.from(text, "hex"));
  if (/^[\w+/-]{43}=?$/.test(text)) return Uint8Array.from(Buffer.from(text, "base64url"));
  return null;
}
