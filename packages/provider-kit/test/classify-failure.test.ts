import { ProviderError } from "@backref/core/provider";
import { describe, expect, test } from "vitest";
import { classifyFailure, findProviderError, TransportFailure, type TransportFailureKind } from "../src/index.ts";

const nowMs = Date.UTC(2026, 10, 21);
const status = (code: number, isWrite: boolean, headers: Record<string, string> = {}) =>
  classifyFailure({ isWrite, status: code, headers: new Headers(headers), nowMs });
const thrown = (error: unknown, isWrite: boolean) => classifyFailure({ isWrite, error, nowMs });
const fetchFailed = (code: string) =>
  new TypeError("fetch failed", { cause: Object.assign(new Error(code), { code }) });

describe("answers", () => {
  test.each([
    [400, "permanent"],
    [401, "auth"],
    [403, "forbidden"],
    [404, "gone"],
    [409, "retry"],
    [410, "gone"],
    [412, "gone"],
    [422, "permanent"],
    [429, "wait"],
  ] as const)("%i is %s for reads and writes", (code, failure) => {
    expect(status(code, false).failure).toBe(failure);
    expect(status(code, true).failure).toBe(failure);
  });

  test.each([408, 500, 502, 503, 504])("%i leaves a write in doubt", (code) => {
    expect(status(code, true, { "retry-after": "5" }).failure).toBe("ambiguous");
    expect(status(code, false).failure).toBe("retry");
  });

  test("a time that is named is kept", () => {
    expect(status(429, true, { "retry-after": "7" })).toEqual({ failure: "wait", retryAfterMs: 7000 });
    expect(status(503, false, { "retry-after": "7" })).toEqual({ failure: "wait", retryAfterMs: 7000 });
    expect(status(429, false)).toEqual({ failure: "wait", retryAfterMs: 60_000 });
  });
});

describe("no answer", () => {
  test.each(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "CERT_HAS_EXPIRED"])("%s: certainly not applied", (code) => {
    expect(thrown(fetchFailed(code), true).failure).toBe("retry");
    expect(thrown(fetchFailed(code), false).failure).toBe("retry");
  });

  test.each(["ECONNRESET", "EPIPE", "UND_ERR_SOCKET", "ETIMEDOUT"])("%s: a write is in doubt", (code) => {
    expect(thrown(fetchFailed(code), true).failure).toBe("ambiguous");
    expect(thrown(fetchFailed(code), false).failure).toBe("retry");
  });

  test("refused on every address is refused; reset on one is not", () => {
    const refused = fetchFailed("ECONNREFUSED").cause;
    const aggregate = (...errors: unknown[]) => new TypeError("fetch failed", { cause: new AggregateError(errors) });
    expect(thrown(aggregate(refused, refused), true).failure).toBe("retry");
    expect(thrown(aggregate(refused, fetchFailed("ECONNRESET").cause), true).failure).toBe("ambiguous");
  });

  test("whatever nobody knows is in doubt for a write", () => {
    expect(thrown(new DOMException("aborted", "AbortError"), true).failure).toBe("ambiguous");
    expect(thrown("odd", true).failure).toBe("ambiguous");
    expect(thrown(undefined, false).failure).toBe("retry");
  });
});

describe("transport failures, also behind a client's own error", () => {
  const failure = (kind: TransportFailureKind, code?: number) =>
    new Error("wrapped", { cause: new TransportFailure({ kind, message: kind, status: code }) });

  test.each([
    ["not-sent", undefined, "retry", "retry"],
    ["timeout", undefined, "retry", "ambiguous"],
    ["too-large", 200, "permanent", "ambiguous"],
    ["not-json", 200, "auth", "ambiguous"],
    ["redirect", 301, "gone", "gone"],
    ["redirect", 302, "auth", "gone"],
    ["redirect", 303, "auth", "ambiguous"],
    ["redirect", 307, "gone", "gone"],
  ] as const)("%s %s: read %s, write %s", (kind, code, read, write) => {
    expect(thrown(failure(kind, code), false).failure).toBe(read);
    expect(thrown(failure(kind, code), true).failure).toBe(write);
  });

  test("a page in place of data is told as unexpected", () => {
    expect(thrown(failure("not-json", 200), false).code).toBe("tracker-unexpected");
  });
});

test("findProviderError finds what was classified already, however deep", () => {
  const error = new ProviderError({ failure: "retry", providerId: "core", operation: "deadline", message: "too late" });
  expect(findProviderError(new Error("a", { cause: new Error("b", { cause: error }) }))).toBe(error);
  expect(findProviderError(new AggregateError([new Error("c"), error]))).toBe(error);
  expect(findProviderError(new Error("a"))).toBeNull();
  const circle: Error & { cause?: unknown } = new Error("circle");
  circle.cause = circle;
  expect(findProviderError(circle)).toBeNull();
});
