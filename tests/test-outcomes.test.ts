import { describe, expect, test } from "vitest";
import { type Outcome, summaryLine } from "../scripts/test-run/outcome.ts";
import { enforceRequired } from "../scripts/test-run/required-tests.ts";

function outcome(status: Outcome["status"], detail = ""): Outcome {
  return { name: "example", status, detail, notes: [] };
}

function statusOf(detail: string, environment: Readonly<Record<string, string>>): Outcome["status"] | undefined {
  return enforceRequired([outcome("skipped", detail)], environment)[0]?.status;
}

describe("the last line", () => {
  test("counts what passed and failed", () => {
    expect(summaryLine([outcome("passed"), outcome("passed"), outcome("failed")])).toBe("2 passed, 1 failed");
  });

  test("counts skips where there are any", () => {
    expect(summaryLine([outcome("passed"), outcome("skipped")])).toBe("1 passed, 0 failed, 1 skipped");
  });
});

describe("a skip", () => {
  const reason = "redmine: Redmine is not installed";

  test("with a reason stays a skip", () => {
    expect(statusOf(reason, {})).toBe("skipped");
    expect(statusOf(reason, { CI: "true", BACKREF_REQUIRE: "contracts" })).toBe("skipped");
    expect(statusOf(reason, { BACKREF_REQUIRE: "redmine" })).toBe("skipped");
  });

  test("that continuous integration requires fails there", () => {
    expect(statusOf(reason, { CI: "true", BACKREF_REQUIRE: "contracts,redmine" })).toBe("failed");
  });

  test("without a reason fails everywhere", () => {
    expect(statusOf("", {})).toBe("failed");
    expect(statusOf("some day", {})).toBe("failed");
  });
});
