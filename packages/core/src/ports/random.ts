import { randomFillSync } from "node:crypto";

/** The one source of randomness: ids, tokens, initialisation vectors and jitter all come from it. */
export interface Random {
  /** `length` random bytes. The default is cryptographically secure; a replacement outside tests must be too. */
  bytes(length: number): Uint8Array;
}

/** The operating system's randomness, good for secrets. */
export const systemRandom: Random = {
  bytes: (length) => randomFillSync(new Uint8Array(length)),
};

/** A number in [0, 1). */
export function randomFraction(random: Random): number {
  const bytes = random.bytes(4);
  return new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0) / 2 ** 32;
}
