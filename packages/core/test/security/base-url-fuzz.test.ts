import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { BackrefError } from "../../src/index.ts";
import { isPrivateHost } from "../../src/outgoing/private-addresses.ts";
import { parseBaseUrl } from "../../src/security/base-url.ts";

/** Of a busy machine; elsewhere each takes a few seconds. */
vi.setConfig({ testTimeout: 300_000 });

const numRuns = Number(process.env["BACKREF_FUZZ_RUNS"] ?? 10_000);

function accepted(text: string): string | null {
  try {
    return parseBaseUrl(text);
  } catch (error) {
    if (!BackrefError.isInstance(error) || error.code !== "invalid-input") throw error;
    return null;
  }
}

const scheme = fc.constantFrom(
  "https://",
  "http://",
  "HTTPS://",
  "https:",
  "https:\\\\",
  "//",
  "ftp://",
  "javascript:",
  "",
);
const userInfo = fc.constantFrom("", "", "", "max@", "max:secret@", "tracker.example.com@", "@", ":@", "%40@", "a\\@");
const label = fc.oneof(
  fc.domain(),
  fc.constantFrom("localhost", "a.local", "x.internal", "tracker", "xn--a", "%31", "١", "。"),
);
const host = fc.oneof(
  fc.ipV4Extended(),
  fc.ipV6().map((text) => `[${text}]`),
  label,
  fc.string({ maxLength: 12 }),
);
const rest = fc.constantFrom(
  "",
  ".",
  "..",
  ":443",
  ":0",
  ":99999",
  "/",
  "//",
  "/a b",
  "?q",
  "#f",
  "/..//x",
  "\\x",
  "\n",
  "%00",
);
const built = fc.tuple(scheme, userInfo, host, rest, rest).map((parts) => parts.join(""));

test("whatever the text, a base URL is refused in type, or public, https, plain and final", () => {
  let count = 0;
  fc.assert(
    fc.property(fc.oneof(built, fc.webUrl(), fc.string({ unit: "grapheme" })), (text) => {
      const url = accepted(text);
      if (url === null) return;
      count += 1;
      const { protocol, hostname, username, password, search, hash } = new URL(url);
      expect([protocol, username, password, search, hash]).toEqual(["https:", "", "", "", ""]);
      expect(isPrivateHost(hostname)).toBe(false);
      expect(accepted(url)).toBe(url);
    }),
    { numRuns },
  );
  expect(count).toBeGreaterThan(numRuns / 20);
});

/** An address, in one of the spellings that browsers know. */
const spelling = fc.tuple(
  fc.oneof(
    fc.nat(0xffffffff),
    fc.constantFrom(
      0x7f000001,
      0xa9fea9fe,
      0x0a000001,
      0xc0a80001,
      0xac100001,
      0x64400001,
      0xc6120001,
      0xc0000001,
      0xc0586301,
      0xe0000001,
      0x08080808,
    ),
  ),
  fc.array(fc.constantFrom(8, 10, 16), { minLength: 4, maxLength: 4 }),
  fc.integer({ min: 1, max: 4 }),
  fc.constantFrom("", "."),
);

function spell(address: number, bases: readonly number[], parts: number, end: string): string {
  const bytes = [24, 16, 8, 0].map((shift) => (address >>> shift) & 255);
  const last = bytes.slice(parts - 1).reduce((sum, byte) => sum * 256 + byte, 0);
  const prefixes: Readonly<Record<number, string>> = { 8: "0", 10: "", 16: "0x" };
  return `${[...bytes.slice(0, parts - 1), last].map((value, index) => `${prefixes[bases[index] ?? 10]}${value.toString(bases[index] ?? 10)}`).join(".")}${end}`;
}

/** Written apart from the code under test: first octets decide most of it. */
function isPublic(address: number): boolean {
  const [a = 0, b = 0, c = 0] = [24, 16, 8].map((shift) => (address >>> shift) & 255);
  if (a === 0 || a === 10 || a === 127 || a >= 224) return false;
  if (a === 100 && b >= 64 && b < 128) return false;
  if ((a === 169 && b === 254) || (a === 172 && b >= 16 && b < 32) || (a === 192 && b === 168)) return false;
  if (a === 192 && ((b === 0 && c === 0) || (b === 88 && c === 99))) return false;
  return !(a === 198 && (b === 18 || b === 19));
}

test("an IPv4 address is judged alike in every spelling, and inside of IPv6", () => {
  fc.assert(
    fc.property(spelling, ([address, bases, parts, end]) => {
      const verdict = isPublic(address);
      expect(accepted(`https://${spell(address, bases, parts, end)}`) !== null).toBe(verdict);
      const hex = [address >>> 16, address & 0xffff].map((group) => group.toString(16)).join(":");
      expect(accepted(`https://[::ffff:${hex}]`) !== null).toBe(verdict);
      expect(accepted(`https://[64:ff9b::${hex}]`) !== null).toBe(verdict);
    }),
    { numRuns },
  );
});
