/** How a secret can stand in a text. */
export interface SecretForm {
  /** For findings, for example `base64`. */
  readonly form: string;
  readonly text: string;
}

/** What of a base64 text is the same whatever stands before and behind; one text per alignment. */
function base64Parts(bytes: Buffer): readonly string[] {
  return [0, 1, 2].map((before) => {
    const encoded = Buffer.concat([Buffer.alloc(before), bytes])
      .toString("base64")
      .replace(/=+$/, "");
    const isShared = (before + bytes.length) % 3 !== 0;
    return encoded.slice(Math.ceil((before * 4) / 3), isShared ? -1 : undefined);
  });
}

const inJson = (text: string): string => JSON.stringify(text).slice(1, -1);

/** A secret as it is, and as addresses, JSON, base64 (inside something longer, too) and hexadecimal show it. */
export function secretForms(secret: string): readonly SecretForm[] {
  const bytes = Buffer.from(secret, "utf8");
  const base64 = base64Parts(bytes);
  const all: readonly SecretForm[] = [
    { form: "as it is", text: secret },
    { form: "percent-encoded", text: encodeURIComponent(secret) },
    { form: "in JSON", text: inJson(secret) },
    { form: "in JSON in JSON", text: inJson(inJson(secret)) },
    ...base64.map((text) => ({ form: "base64", text })),
    ...base64.map((text) => ({ form: "base64url", text: text.replaceAll("+", "-").replaceAll("/", "_") })),
    { form: "hexadecimal", text: bytes.toString("hex") },
    { form: "hexadecimal", text: bytes.toString("hex").toUpperCase() },
  ];
  return all.filter(({ text }, index) => all.findIndex((other) => other.text === text) === index);
}
