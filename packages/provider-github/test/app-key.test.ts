import { generateKeyPairSync } from "node:crypto";
import { expect, test } from "vitest";
import { readPrivateKey } from "../src/app-key.ts";
import { createGitHubProvider } from "../src/index.ts";

const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const pkcs1 = privateKey.export({ type: "pkcs1", format: "pem" }).toString();
const pkcs8 = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
const { auth } = createGitHubProvider().describe();

const written: readonly (readonly [string, (pem: string) => string])[] = [
  ["as it is", (pem) => pem],
  ["with escaped line ends", (pem) => pem.replaceAll("\n", "\\n")],
  ["with line ends of Windows", (pem) => pem.replaceAll("\n", "\r\n")],
  ["with line ends escaped twice", (pem) => pem.replaceAll("\n", "\\\\n")],
  ["with both escaped", (pem) => pem.replaceAll("\n", "\\r\\n")],
  ["on one line", (pem) => pem.trim().replaceAll("\n", " ")],
  ["without any space", (pem) => pem.replaceAll("\n", "")],
  ["indented, in quotes", (pem) => `"${pem.replaceAll("\n", "\n    ")}"`],
];

test.each(written)("a key is read %s", (_, write) => {
  for (const pem of [pkcs1, pkcs8]) {
    expect(readPrivateKey(write(pem))).toEqual({ ok: true, pem });
  }
});

test("what is stored reads back as it is", () => {
  const input = { type: "app", appId: 12, privateKey: pkcs1.replaceAll("\n", "\\n"), installationId: 34 };
  const value = { type: "app", appId: "12", privateKey: pkcs1, installationId: "34" };
  expect(auth.parse(input)).toEqual({ ok: true, value });
  expect(auth.parse(value)).toEqual({ ok: true, value });
});

test.each([
  ["https://github.com/organizations/acme/settings/installations/56", true],
  ["https://github.com/settings/installations/56/", true],
  [" 56 ", true],
  ["acme", false],
  ["0", false],
])("an installation given as %s", (installationId, isRead) => {
  const parsed = auth.parse({ type: "app", appId: "Iv23liA1.b", privateKey: pkcs8, installationId });
  expect(parsed).toMatchObject(
    isRead ? { ok: true, value: { installationId: "56" } } : { ok: false, issues: [{ path: ["installationId"] }] },
  );
});

const elliptic = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
const secret = privateKey.export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "hush" });

test.each([
  ["nothing of the kind", "ghp_abc", /whole file/],
  ["a part", pkcs1.slice(0, 400), /whole file/],
  ["a torn one", pkcs1.replace(/\n.{40}/, "\n"), /missing/],
  ["one under a passphrase", secret.toString(), /passphrase/],
  ["another kind", elliptic.export({ type: "pkcs8", format: "pem" }).toString(), /RSA/],
])("%s is refused with words and without the key", (_, given, words) => {
  const parsed = auth.parse({ type: "app", appId: "1", privateKey: given, installationId: "1" });
  expect(parsed).toMatchObject({
    ok: false,
    issues: [{ path: ["privateKey"], message: expect.stringMatching(words) }],
  });
  for (const line of given.split("\n").filter((text) => text.length > 30 && !text.startsWith("-----"))) {
    expect(JSON.stringify(parsed)).not.toContain(line);
  }
});

test("a text that is too long for a key is not searched for one", () => {
  const before = performance.now();
  expect(readPrivateKey("-----BEGIN PRIVATE KEY-----".repeat(40_000))).toMatchObject({ ok: false });
  expect(performance.now() - before).toBeLessThan(1_000);
});
