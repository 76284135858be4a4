import { expect, test } from "vitest";
import { reportThrown, TransportFailure } from "../src/index.ts";

const request = { tracker: "Acme", isWrite: false, nowMs: 0 };

test("a wrapped system error is told by its innermost words, and the wrapper is no cause", () => {
  const reason = Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });
  const error = new Error("request failed, authorization: secret", { cause: reason });
  expect(reportThrown({ ...request, isWrite: true, error })).toEqual({
    failure: "retry",
    message: "Acme could not be asked: connect ECONNREFUSED",
    status: undefined,
    cause: reason,
  });
});

test("what was thrown without words is no answer", () => {
  expect(reportThrown({ ...request, error: null }).message).toBe("Acme could not be asked: no answer");
});

test.each([
  ["redirect", "use the new name"],
  ["not-json", "A sign-in page or a proxy answers in Acme's place"],
] as const)("%s says what to check", (kind, words) => {
  const failure = new TransportFailure({ kind, message: "The answer is of no use.", status: 302 });
  const report = reportThrown({ ...request, error: new Error("outside", { cause: failure }) });
  expect(report.message).toContain(words);
  expect(report).toMatchObject({ status: 302, cause: failure });
});
