import { describe, expect, test } from "vitest";
import { createFindings } from "../../src/simulation/oracle/findings.ts";
import { createHistory, type History } from "../../src/simulation/oracle/history.ts";
import { judgeStrand } from "../../src/simulation/oracle/judge-strand.ts";
import type { OldRead, Recorded } from "../../src/simulation/oracle/strand.ts";
import { strandsOf } from "../../src/simulation/oracle/strands.ts";
import { prioritiesNamed } from "../../src/simulation/tracker/priorities.ts";
import type { RemoteField, RemoteTracker } from "../../src/simulation/tracker/remote-tracker.ts";
import { createThinTracker } from "../../src/simulation/tracker/thin/thin-tracker.ts";

const link = { id: "L1", token: "br-1", defectId: "D1", sourceId: "S1", attachedTo: null, since: 0 };

/** One link's history, told by the tests step by step; every step takes a second. */
function tell(mapping: RemoteTracker["mapping"] = {}) {
  let at = 0;
  const history: History = createHistory({
    now: () => at,
    findings: createFindings(),
    contextOf: () => ({ readAsOf: null, isLate: true }),
    trace: () => {},
  });
  const thin = createThinTracker({ name: "cas", providerId: "thin", now: () => at, priority: "labels" });
  const tracker: RemoteTracker = { ...thin, mapping };
  const issue = tracker.people.createIssue("Total is wrong", "");
  const story = {
    host(field: RemoteField, value: string | null, by: "person" | "engine" = "person") {
      at += 1_000;
      history.localField("D1", field, value, by === "person" ? by : { linkId: "L1" });
      return story;
    },
    tracker(field: RemoteField, value: string, by: "person" | "engine" | "late engine" = "person") {
      at += 1_000;
      const before = history.remoteOf(tracker, issue, field).at(-1)?.value ?? null;
      const [who, requestId] = by === "late engine" ? (["engine", 1] as const) : ([by, null] as const);
      history.remote(tracker, { kind: "field", issue, field, value, before, by: who, requestId });
      return story;
    },
    agreed(
      field: RemoteField,
      local: string | null,
      remote: string | readonly string[],
      oldRead: OldRead | null = null,
    ) {
      at += 1_000;
      history.agreed("L1", { [field]: { local, remote } }, oldRead);
      return story;
    },
    recorded(field: RemoteField, row: Omit<Recorded, "order">) {
      at += 1_000;
      history.recorded("L1", field, row);
      return story;
    },
    violations(field: RemoteField) {
      const strand = strandsOf(history, tracker, link, issue).find(({ name }) => name.startsWith(field));
      return strand === undefined ? [] : judgeStrand(strand, true).violations;
    },
  };
  return story;
}

describe("a write that takes an agreed label off", () => {
  const begun = () =>
    tell()
      .host("priority", "major")
      .tracker("priority", "priority:medium", "engine")
      .agreed("priority", "major", ["priority:medium"])
      .host("priority", null);

  test("may leave what people had put beside it", () => {
    const story = begun()
      .tracker("priority", "priority:low|priority:medium")
      .tracker("priority", "priority:low", "engine");
    expect(story.violations("priority").filter((text) => text.startsWith("I4"))).toEqual([]);
  });

  test("may do so late, when something else is agreed on", () => {
    const late = (by: "engine" | "late engine") =>
      begun()
        .tracker("priority", "priority:low|priority:medium")
        .tracker("priority", "priority:high|priority:low")
        .agreed("priority", "critical", ["priority:high"])
        .tracker("priority", "priority:low|priority:medium")
        .tracker("priority", "priority:low", by)
        .violations("priority")
        .filter((text) => text.startsWith("I4"));
    expect(late("late engine")).toEqual([]);
    expect(late("engine")).toHaveLength(1);
  });

  test("may not put another in its place", () => {
    const story = begun().tracker("priority", "priority:low", "engine");
    expect(story.violations("priority")).toEqual([expect.stringMatching(/^I4 .*"priority:low" was written/)]);
  });

  test("may not take off what people had put beside it", () => {
    const story = begun()
      .tracker("priority", "priority:high|priority:low|priority:medium")
      .tracker("priority", "priority:low", "engine");
    expect(story.violations("priority")).toContainEqual(expect.stringMatching(/^I4 .*"priority:low" was written/));
  });
});

describe("a host's value that seemed to be agreed, and gave way to the tracker's", () => {
  /** The tracker's change at 4 s comes first; the host's status stands for what was there before it. */
  const replaced = (oldRead: OldRead | null) =>
    tell()
      .host("status", "open")
      .tracker("status", "open", "engine")
      .agreed("status", "open", "open")
      .tracker("status", "closed")
      .host("status", "in-progress")
      .agreed("status", "in-progress", "open", oldRead)
      .host("status", "closed", "engine")
      .agreed("status", "closed", "closed")
      .violations("status");

  test("is not lost where the tracker showed more of the past than it declares", () => {
    expect(replaced({ shownAt: 3_500, knownAt: 0 })).toEqual([]);
  });

  test.each<[string, OldRead | null]>([
    ["the read was as young as declared", null],
    ["somebody had been shown the change before", { shownAt: 3_500, knownAt: 4_500 }],
    ["the read had shown the change", { shownAt: 4_500, knownAt: 0 }],
  ])("is lost where %s", (_where, oldRead) => {
    expect(replaced(oldRead)).toEqual([expect.stringMatching(/^I3 .*"in-progress" was replaced/)]);
  });
});

describe("a value of our own that stands at the tracker when a conflict is decided by hand", () => {
  const overwritten = () =>
    tell()
      .host("title", "Ours")
      .tracker("title", "Theirs")
      .recorded("title", { local: "Ours", remote: "Theirs", winner: "none", isChosen: false })
      .tracker("title", "Ours", "engine")
      .host("title", "Ours, later");
  const row = { local: "Ours, later", remote: "Ours", winner: "remote" };

  test("comes in where a person chose what the tracker says", () => {
    const story = overwritten()
      .recorded("title", { ...row, isChosen: true })
      .host("title", "Ours", "engine");
    expect(story.violations("title").filter((text) => text.startsWith("I4"))).toEqual([]);
  });

  test("does not come in by itself", () => {
    const story = overwritten()
      .recorded("title", { ...row, isChosen: false })
      .host("title", "Ours", "engine");
    expect(story.violations("title")).toContainEqual(
      expect.stringMatching(/^I4 .*"Ours" came in, and nobody wrote it/),
    );
  });
});

describe("a value that a person takes back and gives again while the answer to its delivery is awaited", () => {
  const given = (first: string) =>
    tell()
      .host("status", "closed")
      .tracker("status", "closed", "engine")
      .agreed("status", "closed", "closed")
      .host("status", first)
      .tracker("status", "open", "engine")
      .tracker("status", "closed")
      .host("status", "achieved")
      .host("status", "in-progress")
      .agreed("status", "in-progress", "open")
      .host("status", "closed", "engine")
      .agreed("status", "closed", "closed")
      .violations("status")
      .filter((text) => text.includes('"in-progress" was replaced'));

  test("was delivered", () => expect(given("in-progress")).toEqual([]));
  test("was not where another one was", () => expect(given("open")).toHaveLength(1));
});

describe("a priority that somebody sets back to what was agreed, before our own write is known to have arrived", () => {
  const begun = () =>
    tell({ priority: prioritiesNamed(String) })
      .host("priority", "major")
      .tracker("priority", "priority:medium", "engine")
      .agreed("priority", "major", "3")
      .host("priority", "critical")
      .tracker("priority", "priority:high", "engine");

  test("is no change, whatever the tracker calls it", () => {
    const story = begun().tracker("priority", "priority:medium").tracker("priority", "priority:high", "engine");
    expect(story.violations("priority").filter((text) => text.startsWith("I3"))).toEqual([]);
  });

  test("is one once the write is known", () => {
    const story = begun()
      .agreed("priority", "critical", "2")
      .tracker("priority", "priority:medium")
      .tracker("priority", "priority:high", "engine");
    expect(story.violations("priority")).toContainEqual(expect.stringMatching(/^I3 .*in spite of compare-and-set/));
  });
});

describe("nobody, assigned here before the first look,", () => {
  const begun = () =>
    tell().host("assignee", null).tracker("assignee", "").tracker("assignee", "lena").host("assignee", "ada");

  test("gives way to whoever is assigned there", () => {
    const story = begun().host("assignee", null).host("assignee", "ben", "engine").agreed("assignee", "ben", ["lena"]);
    expect(story.violations("assignee")).toEqual([]);
  });

  test("does not once something is agreed on", () => {
    const story = begun().agreed("assignee", "ada", ["kim"]).host("assignee", null).host("assignee", "ben", "engine");
    expect(story.violations("assignee")).toEqual([expect.stringContaining("was replaced by")]);
  });
});
