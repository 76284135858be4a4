import { createPrivateKey } from "node:crypto";

export type ReadKey = { readonly ok: true; readonly pem: string } | { readonly ok: false; readonly problem: string };

/** A key of 16,384 bits has some 13,000 characters; whatever is much longer is none, and is not searched for one. */
const longestText = 40_000;

const pemText = /-----BEGIN ([A-Z ]*)PRIVATE KEY-----([\s\S]*?)-----END \1PRIVATE KEY-----/;

/**
 * A private key as PEM with its lines in order, PKCS#1 or PKCS#8 as it was. Takes what becomes of a PEM file on its way
 * through environment variables and forms: `\n` in place of line ends, spaces, one long line, text around it. What it
 * says about a key that it refuses never repeats any of it.
 */
export function readPrivateKey(text: string): ReadKey {
  const found = text.length > longestText ? null : pemText.exec(text.replaceAll(/(?<!\\)\\+[rn]/g, "\n"));
  if (found === null) {
    return refuse(
      "Paste the whole file that GitHub gave you, from -----BEGIN to the end of -----END … PRIVATE KEY-----.",
    );
  }
  const [, kind = "", body = ""] = found;
  if (kind === "ENCRYPTED " || body.includes("ENCRYPTED")) {
    return refuse("This key is protected by a passphrase: remove that, or generate a new key in the app's settings.");
  }
  const lines = body.replaceAll(/\s+/g, "").match(/.{1,64}/g) ?? [];
  const pem = [`-----BEGIN ${kind}PRIVATE KEY-----`, ...lines, `-----END ${kind}PRIVATE KEY-----`, ""].join("\n");
  try {
    if (createPrivateKey(pem).asymmetricKeyType === "rsa") return { ok: true, pem };
  } catch {
    return refuse("This is no private key, or a part of it is missing: paste the file again as it is.");
  }
  return refuse("GitHub signs apps in by RSA keys, and this is another kind: generate a key in the app's settings.");
}

function refuse(problem: string): ReadKey {
  return { ok: false, problem };
}
