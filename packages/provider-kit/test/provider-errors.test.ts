import type { ProviderError } from "@backref/core/provider";
import { describe, expect, test } from "vitest";
import { createProviderErrors, hasStatus, isRefusal, mapAnswer, readAnswer, UnexpectedShape } from "../src/index.ts";

const errors = createProviderErrors("acme", "Acme");
const reading = { name: "issue.read", isWrite: false };
const writing = { name: "issue.update", isWrite: true };
const clock = { now: () => 0 };

test("an error names its provider and operation, and the tracker's own name of the request stands in its data", () => {
  const error = errors.build(reading, { failure: "gone", message: "no", data: { deleted: true }, requestId: "R-1" });
  expect(error).toMatchObject({ providerId: "acme", operation: "issue.read", failure: "gone" });
  expect(error.data).toEqual({ deleted: true, requestId: "R-1" });
  expect(errors.build(reading, { failure: "gone", message: "no", requestId: null }).data).toEqual({});
});

test("what is classified already stays as it is, whatever a client has wrapped around it", () => {
  const first = errors.refused(writing, "no title", "title");
  expect(first).toMatchObject({ failure: "permanent", field: "title" });
  expect(errors.fromThrown(reading, new Error("request failed", { cause: first }), 0)).toBe(first);
  expect(errors.fromThrown(writing, new Error("reset"), 0)).toMatchObject({ failure: "ambiguous" });
});

test.each([
  [writing, false, "ambiguous"],
  [writing, true, "ambiguous"],
  [reading, true, "retry"],
  [reading, false, "permanent"],
] as const)("an unreadable answer to %o, torn: %s, is %s", (operation, isTorn, failure) => {
  expect(errors.unexpectedAnswer(operation, "id: missing", isTorn)).toMatchObject({
    failure,
    code: "tracker-unexpected",
    message: "Acme's answer is not what its API promises: id: missing",
  });
});

test("a failure behind a write that was applied leaves the outcome open, once", () => {
  const refusal = errors.build(writing, { failure: "permanent", status: 422, message: "Too long." });
  const open = errors.afterOtherWrites(writing, refusal) as ProviderError;
  expect(open).toMatchObject({ failure: "ambiguous", status: 422, cause: refusal });
  expect(open.message).toBe("A part was written, the rest was not: Too long.");
  expect(errors.afterOtherWrites(writing, open)).toBe(open);
  const other = new Error("ours");
  expect(errors.afterOtherWrites(writing, other)).toBe(other);
});

describe("what a status says", () => {
  const withStatus = (failure: ProviderError["failure"], status: number) =>
    errors.build(reading, { failure, status, message: "no" });

  test("a refusal of the credential and a rate limit say nothing about the rest", () => {
    expect(hasStatus(withStatus("forbidden", 403), 403, 404)).toBe(true);
    expect(hasStatus(withStatus("forbidden", 403), 404)).toBe(false);
    expect(hasStatus(withStatus("auth", 403), 403)).toBe(false);
    expect(hasStatus(withStatus("wait", 403), 403)).toBe(false);
    expect(hasStatus(Object.assign(new Error(), { status: 403 }), 403)).toBe(false);
  });

  test("trouble that passes is no refusal", () => {
    const refusals = (["auth", "forbidden", "gone", "permanent"] as const).map((failure) => withStatus(failure, 400));
    expect(refusals.every(isRefusal)).toBe(true);
    expect((["retry", "wait", "ambiguous"] as const).some((failure) => isRefusal(withStatus(failure, 400)))).toBe(
      false,
    );
  });
});

describe("an answer", () => {
  const answering = (body: string | null, status = 200) =>
    readAnswer({ errors, clock }, reading, async () => new Response(body, { status }));

  test("is read whole, whatever its status; what is no JSON stays text, and nothing is undefined", async () => {
    expect(await answering('{"id":1}', 422)).toMatchObject({ status: 422, data: { id: 1 } });
    expect(await answering("<html>")).toMatchObject({ data: "<html>" });
    expect((await answering(null, 204)).data).toBeUndefined();
  });

  test("that never comes is told as what its loss means", async () => {
    const lost = readAnswer({ errors, clock }, writing, () => Promise.reject(new Error("reset")));
    await expect(lost).rejects.toMatchObject({ failure: "ambiguous", operation: "issue.update" });
  });

  test("of another shape is told as such, and faults of the mapping stay what they are", () => {
    const wrong = () => {
      throw new UnexpectedShape("id: missing");
    };
    expect(mapAnswer(errors, reading, { id: 1 }, (data) => data)).toEqual({ id: 1 });
    expect(() => mapAnswer(errors, reading, {}, wrong)).toThrow(expect.objectContaining({ failure: "permanent" }));
    expect(() => mapAnswer(errors, reading, '{"id', wrong)).toThrow(expect.objectContaining({ failure: "retry" }));
    const fault = new TypeError("ours");
    expect(() =>
      mapAnswer(errors, reading, {}, () => {
        throw fault;
      }),
    ).toThrow(fault);
  });
});
