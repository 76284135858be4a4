import { createCipheriv, createDecipheriv } from "node:crypto";
import type { Random } from "../ports/random.ts";
import type { CredentialName } from "../runtime/credentials.ts";
import type { KeyRing } from "./key-ring.ts";

/** A secret as it is stored. */
export interface SealedSecret {
  readonly keyId: string;
  /** Base64 of initialisation vector, tag and ciphertext. */
  readonly envelope: string;
}

export type OpenedSecret =
  | { readonly ok: true; readonly text: string }
  /** `unknown-key`: not in the ring. `damaged`: another key under that id, another place, or changed bytes. */
  | { readonly ok: false; readonly reason: "unknown-key" | "damaged" };

const algorithm = "aes-256-gcm";
const vectorLength = 12;
const tagLength = 16;

/** AES-256-GCM under the ring's first key. The envelope opens only for the same tenant, source and name. */
export function sealSecret(keyRing: KeyRing, random: Random, name: CredentialName, text: string): SealedSecret {
  return sealText(keyRing, random, placeOf(name), text);
}

/** Never throws: what cannot be opened says why. */
export function openSecret(keyRing: KeyRing, name: CredentialName, sealed: SealedSecret): OpenedSecret {
  return openText(keyRing, placeOf(name), sealed);
}

/** @param place what it belongs to, its purpose first: opens for exactly the same only */
export function sealText(keyRing: KeyRing, random: Random, place: Place, text: string): SealedSecret {
  const { id, bytes } = keyRing.current;
  const vector = random.bytes(vectorLength);
  const cipher = createCipheriv(algorithm, bytes, vector, { authTagLength: tagLength });
  cipher.setAAD(boundData(place, id));
  const body = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
  return { keyId: id, envelope: Buffer.concat([vector, cipher.getAuthTag(), body]).toString("base64") };
}

/** Never throws: what cannot be opened says why. */
export function openText(keyRing: KeyRing, place: Place, sealed: SealedSecret): OpenedSecret {
  const key = keyRing.find(sealed.keyId);
  if (key === undefined) return { ok: false, reason: "unknown-key" };
  try {
    const bytes = Buffer.from(sealed.envelope, "base64");
    const decipher = createDecipheriv(algorithm, key, bytes.subarray(0, vectorLength), { authTagLength: tagLength });
    decipher.setAAD(boundData(place, sealed.keyId));
    decipher.setAuthTag(bytes.subarray(vectorLength, vectorLength + tagLength));
    const body = bytes.subarray(vectorLength + tagLength);
    return { ok: true, text: Buffer.concat([decipher.update(body), decipher.final()]).toString("utf8") };
  } catch {
    // The cipher's own error says nothing that helps, and must not carry bytes of the secret anywhere.
    return { ok: false, reason: "damaged" };
  }
}

type Place = readonly (string | null)[];

function placeOf(name: CredentialName): Place {
  return ["backref-secret-1", name.tenantId, name.sourceId, name.name];
}

function boundData(place: Place, keyId: string): Buffer {
  return Buffer.from(JSON.stringify([...place, keyId]), "utf8");
}
