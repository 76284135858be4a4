import { Buffer } from "node:buffer";
import { generateSecretKey } from "@backref/core";
import { readIfThere, writeWhole } from "./files.ts";
import { InputError } from "./input-error.ts";

const keyBytes = 32;

/**
 * The key that credentials are stored under: `BACKREF_KEY`, or one that is made once and kept beside the data.
 *
 * A host does not do the latter. Whoever finds a database together with its key can read every credential in it, so
 * the key belongs into the environment or a vault.
 */
export function secretKeyFor(path: string, fromEnvironment: string | undefined, hasData: boolean): string {
  if (fromEnvironment) return checked(fromEnvironment, "BACKREF_KEY");
  const kept = readIfThere(path);
  if (kept !== null) return checked(kept, path);
  if (hasData) {
    throw new InputError(
      `The key to the stored credentials is missing: neither BACKREF_KEY nor ${path} is there. Start over with --reset.`,
    );
  }
  const made = generateSecretKey();
  writeWhole(path, made);
  return made;
}

function checked(key: string, where: string): string {
  const text = key.trim();
  const isHexadecimal = /^[0-9a-f]{64}$/i.test(text);
  if (isHexadecimal || Buffer.from(text, "base64").length === keyBytes) return text;
  throw new InputError(
    `${where} is no key: it must be ${keyBytes} bytes as base64, as \`openssl rand -base64 32\` makes them.`,
  );
}
