import { describe, expect, test } from "vitest";
import { silentTelemetry, type Telemetry } from "../../src/ports/telemetry.ts";
import { guardedTelemetry } from "../../src/runtime/guarded-telemetry.ts";

const trouble = () => {
  throw new TypeError("the adapter is broken");
};

describe("a telemetry that fails", () => {
  const broken: readonly (readonly [string, Partial<Telemetry>])[] = [
    ["before the work", { span: trouble }],
    [
      "after it began the work",
      {
        span: (_request, work) => {
          void work({ set: trouble, fail: trouble });
          return trouble();
        },
      },
    ],
    ["and rejects", { span: (_request, work) => work({ set: trouble, fail: trouble }).then(trouble) }],
    ["and never calls the work", { span: () => new Promise(() => {}) }],
    ["and answers something else", { span: async () => "other" as never }],
    [
      "and calls the work twice",
      {
        span: async (_request, work) => {
          await work({ set: trouble, fail: trouble });
          return work({ set: trouble, fail: trouble });
        },
      },
    ],
  ];

  test.each(broken)("%s harms nobody: the work is done once, and answers", async (_how, part) => {
    const telemetry = guardedTelemetry({ ...silentTelemetry, ...part, current: trouble, measure: trouble });
    let count = 0;
    const answer = await telemetry.span({ name: "backref.pass" }, async (span) => {
      count += 1;
      span.set({ "backref.work.count": 1 });
      span.fail("internal");
      return "done";
    });
    expect([answer, count]).toEqual(["done", 1]);
    await expect(telemetry.span({ name: "backref.pass" }, () => Promise.reject(new Error("ours")))).rejects.toThrow(
      "ours",
    );
    expect(telemetry.current()).toBeNull();
    telemetry.measure("backref.conflicts", 1, {});
  });
});
