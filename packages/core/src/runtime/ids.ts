import { v7 } from "uuid";
import type { Clock } from "../ports/clock.ts";
import type { Random } from "../ports/random.ts";

/** Makes ids of ours: UUIDv7 strings, ordered by creation within one process. */
export interface IdSource {
  readonly id: () => string;
  /** A token that no one can guess and that no text contains by chance. */
  readonly token: () => string;
}

const alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

export function createIdSource(clock: Clock, random: Random): IdSource {
  let lastMs = 0;
  let sequence = 0;
  return {
    id() {
      const now = clock.now();
      if (now > lastMs) {
        lastMs = now;
        sequence = 0;
      } else {
        sequence += 1;
      }
      return v7({ msecs: lastMs, seq: sequence, random: random.bytes(16) });
    },
    token() {
      let text = "br-";
      for (const byte of random.bytes(26)) text += alphabet[byte & 31];
      return text;
    },
  };
}
