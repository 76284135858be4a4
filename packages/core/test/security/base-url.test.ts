import { describe, expect, it } from "vitest";
import { parseBaseUrl } from "../../src/security/base-url.ts";
import { redactSecrets } from "../../src/security/redact.ts";

describe("base URLs", () => {
  it.each([
    ["https://api.github.com", "https://api.github.com"],
    ["https://GitHub.Example.com/api/v3/", "https://github.example.com/api/v3"],
    ["https://tracker.example.com:8443//", "https://tracker.example.com:8443"],
    ["https://8.8.8.8", "https://8.8.8.8"],
  ])("%s becomes %s", (text, expected) => {
    expect(parseBaseUrl(text)).toBe(expected);
  });

  it.each([
    "github.com",
    "ftp://example.com",
    "javascript:alert(1)",
    "http://example.com",
    "https://user:pass@example.com",
    "https://user@example.com",
    "https://example.com/?a=1",
    "https://example.com/#x",
    "https://example.com?",
  ])("refuses %s, always", (text) => {
    expect(() => parseBaseUrl(text, { allowPrivateAddresses: true })).toThrow(
      expect.objectContaining({ code: "invalid-input", issues: [expect.objectContaining({ path: ["baseUrl"] })] }),
    );
  });

  it.each([
    "http://localhost:3000",
    "http://127.0.0.1:3000",
    "http://2130706433",
    "http://0x7f.1",
    "http://[::1]:80",
    "http://[::ffff:10.0.0.1]",
    "http://[fe80::1]",
    "http://[fd00::1]",
    "http://10.1.2.3",
    "http://172.31.0.1",
    "http://192.168.1.1",
    "http://169.254.169.254",
    "http://0.0.0.0",
    "https://redmine",
    "https://redmine.internal",
    "https://redmine.local.",
    "https://tracker.localhost",
  ])("refuses %s unless private addresses are allowed", (text) => {
    expect(() => parseBaseUrl(text)).toThrow(/allowPrivateAddresses/);
    expect(parseBaseUrl(text, { allowPrivateAddresses: true })).toMatch(/^https?:/);
  });

  it("does not repeat credentials in the error", () => {
    expect(() => parseBaseUrl("https://user:hunter2@example.com")).toThrow(expect.not.stringContaining("hunter2"));
  });
});

describe("redactSecrets", () => {
  it.each([
    "ghp_0123456789abcdefghijABCDEFGHIJ012345",
    "github_pat_11ABCDEFG0123456789_abcdefghijklmnop",
    "glpat-abcdefghij0123456789",
    "lin_api_0123456789abcdefghij",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
  ])("takes out %s", (token) => {
    expect(redactSecrets(`GET failed: ${token}, try again`)).toBe("GET failed: [redacted], try again");
  });

  it.each([
    ["Authorization: Bearer abc.def-ghi123", "Authorization: Bearer [redacted]"],
    ["authorization: basic dXNlcjpwYXNzd29yZA==", "authorization: basic [redacted]"],
    ["https://user:pass@example.com/x", "https://[redacted]@example.com/x"],
    ["?access_token=abc123&x=1", "?access_token=[redacted]&x=1"],
    ['{"password":"hunter2","a":1}', '{"password":"[redacted]","a":1}'],
    ["X-Redmine-API-Key: 0123456789abcdef", "X-Redmine-API-Key: [redacted]"],
  ])("%s", (text, expected) => {
    expect(redactSecrets(text)).toBe(expected);
  });

  it("leaves ordinary words alone", () => {
    const text = "The token is missing; see https://example.com/a?b=c and basic settings (bearer: nobody).";
    expect(redactSecrets(text)).toBe(text);
  });
});
