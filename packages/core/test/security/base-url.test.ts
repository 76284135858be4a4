import { describe, expect, it } from "vitest";
import { parseBaseUrl } from "../../src/security/base-url.ts";

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
