import type { DefaultVocabulary, Defect } from "@backref/core";
import { describe, expect, test } from "vitest";
import { differencesOf } from "../src/agreement.ts";
import type { DefectView } from "../src/app.ts";
import { formatTable } from "../src/table.ts";
import type { SeenIssue } from "../src/tracker.ts";
import { gitHub } from "../src/trackers/every-github.ts";

describe("the table", () => {
  const columns = [{ title: "Name", flexible: true }, { title: "URL" }];

  test("is as wide as it must be", () => {
    expect(formatTable(columns, [["a", "https://x/1"]], 80).split("\n")).toEqual([
      "Name  URL",
      "────  ───────────",
      "a     https://x/1",
    ]);
  });

  test("cuts flexible columns only, and not to nothing", () => {
    const row = ["a long name of a case", "https://x/1"];
    expect(formatTable(columns, [row], 28).split("\n").at(-1)).toBe("a long name of…  https://x/1");
    expect(formatTable(columns, [row], 5).split("\n").at(-1)).toBe("a long name…  https://x/1");
  });
});

describe("agreement", () => {
  const defect: Defect<DefaultVocabulary> = {
    id: "d",
    projectId: "shop",
    title: "Broken",
    description: "",
    status: "in-progress",
    priority: "trivial",
    assignee: null,
    revision: "1",
    createdBy: null,
    createdAt: 0,
    updatedAt: 0,
  };
  const comment = {
    id: "c",
    defectId: "d",
    body: "Looking",
    visibility: "public",
    author: { id: "ann", name: "Ann" },
    origin: "host",
    createdAt: 0,
    updatedAt: 0,
  } as const;
  const view: DefectView = { defect, caseId: "case", occurrences: 1, link: null, comments: [comment] };
  const issue: SeenIssue = {
    title: "Broken",
    state: "open",
    priorities: ["priority:low"],
    comments: ["**Ann** wrote:\n\nLooking"],
  };

  test("is what the mapping says, not what looks alike", () => {
    expect(differencesOf(view, issue, gitHub)).toEqual([]);
  });

  test.each<[Partial<SeenIssue>, string]>([
    [{ title: "Works" }, 'title "Broken" here, "Works" at GitHub'],
    [{ state: "closed" }, "status in-progress here, closed at GitHub"],
    [{ priorities: [] }, 'priority trivial here, "" at GitHub'],
    [
      { priorities: ["priority:low", "priority:high"] },
      'priority trivial here, "priority:low,priority:high" at GitHub',
    ],
    [{ comments: [] }, "1 comments here, 0 at GitHub"],
    [{ comments: ["Something else"] }, "1 comments here, 1 at GitHub"],
  ])("is missing with %o", (change, difference) => {
    expect(differencesOf(view, { ...issue, ...change }, gitHub)).toEqual([difference]);
  });
});
