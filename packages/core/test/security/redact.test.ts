import { describe, expect, it } from "vitest";
import { redactData, redactSecrets } from "../../src/security/redact.ts";

describe("redactSecrets", () => {
  it.each([
    "ghp_0123456789abcdefghijABCDEFGHIJ012345",
    "ghs_123456_eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0-dXJl",
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

describe("redactData", () => {
  it("cleans every text and everything under a secret's name", () => {
    const data = {
      note: "Bearer abcdefghijk",
      accessToken: "x",
      nested: [{ password: "y", tries: 3 }],
      ok: true,
      none: null,
    };
    expect(redactData(data)).toEqual({
      note: "Bearer [redacted]",
      accessToken: "[redacted]",
      nested: [{ password: "[redacted]", tries: 3 }],
      ok: true,
      none: null,
    });
  });
});
