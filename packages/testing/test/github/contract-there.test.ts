import { expect, test } from "vitest";
import { checksContract } from "../../src/github/contract.ts";
import { isInstalled } from "../../src/github/vendor-file.ts";

test("requests are held against GitHub's own description where that is installed, and always here", () => {
  expect(checksContract(undefined)).toBe(true);
  expect(checksContract(undefined, false)).toBe(false);
  expect(checksContract(false)).toBe(false);
  expect(isInstalled("@octokit/there-is-no-such-package")).toBe(false);
});

test("who asks for it is told what is missing", () => {
  expect(checksContract(true)).toBe(true);
  expect(() => checksContract(true, false)).toThrow(/Install it/);
});
