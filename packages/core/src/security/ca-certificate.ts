import { X509Certificate } from "node:crypto";
import { invalidInput } from "../input/parse-input.ts";

export interface CertificateFacts {
  /** One line, such as `CN=Example Root CA, O=Example`. */
  readonly subject: string;
  /** Milliseconds since 1970 UTC. */
  readonly expiresAt: number;
}

const block = { begin: "-----BEGIN CERTIFICATE-----", end: "-----END CERTIFICATE-----" } as const;
const maxCertificates = 20;

/**
 * Certificates as PEM, each checked and brought to one form; whatever stands around them is dropped. Null stays null.
 *
 * @throws BackrefError `invalid-input` that says what is wrong
 */
export function parseCaCertificate(text: string | null): string | null {
  if (text === null) return null;
  if (/-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----/.test(text)) {
    throw refused("contains a private key, which belongs to nobody but its owner. Give the certificate alone");
  }
  const parts = text.split(block.begin).slice(1);
  if (parts.length === 0) throw refused(`must be PEM: text that begins with ${block.begin}`);
  if (parts.length > maxCertificates) throw refused(`has more than ${maxCertificates} certificates`);
  return parts.map((part, index) => readCertificate(part, index).toString()).join("");
}

/** What the certificates of a checked PEM say, in its order. */
export function certificateFacts(pem: string): readonly CertificateFacts[] {
  return pem
    .split(block.begin)
    .slice(1)
    .map((part, index) => {
      const { subject, validTo } = readCertificate(part, index);
      const names = subject.trim().split("\n");
      const isCommon = (name: string) => name.startsWith("CN=");
      const parts = [...names.filter(isCommon), ...names.filter((name) => !isCommon(name))];
      return { subject: parts.join(", "), expiresAt: Date.parse(validTo) };
    });
}

function readCertificate(part: string, index: number): X509Certificate {
  const end = part.indexOf(block.end);
  if (end < 0) throw refused(`breaks off: certificate ${index + 1} has no ${block.end}`);
  try {
    return new X509Certificate(`${block.begin}${part.slice(0, end)}${block.end}\n`);
  } catch {
    throw refused(`cannot be read: what stands between the lines of certificate ${index + 1} is no X.509 certificate`);
  }
}

function refused(why: string): Error {
  return invalidInput("source", [{ path: ["caCertificate"], message: why }]);
}
