import { describe, expect, test } from "vitest";
import { type Performance, renderPerformance, updated } from "../scripts/bench/performance.ts";
import { readTracked, trackedFiles } from "./support/tracked-files.ts";

const kept: Performance = JSON.parse(readTracked("docs/performance.json"));

describe("docs/performance.md", () => {
  test("says what the figures beside it say; otherwise run `pnpm bench --save`", () => {
    expect(readTracked("docs/performance.md")).toBe(renderPerformance(kept));
  });

  test("has a part for every benchmark", () => {
    const names = trackedFiles().flatMap((path) => {
      const [, packageName, name] = /^packages\/([^/]+)\/bench\/(.+)\.bench\.ts$/.exec(path) ?? [];
      return packageName === undefined ? [] : `${packageName} ${name}`;
    });
    expect(kept.measured.map(({ benchmark }) => benchmark).sort()).toEqual(names.sort());
  });
});

describe("saving figures", () => {
  const measured = (benchmark: string, value: number) => {
    const figures = [{ name: "time", value, unit: "ms", baseline: null }];
    return { benchmark, title: benchmark, about: "It is measured.", figures };
  };
  const former = { machine: "old", measured: [measured("core a", 1), measured("core b", 1), measured("core gone", 1)] };

  test("leaves what was not measured as it was, and forgets benchmarks that are gone", () => {
    const now = { machine: "new", measured: [measured("core b", 2)] };
    const expected = { machine: "new", measured: [measured("core a", 1), measured("core b", 2)] };
    expect(updated(former, now, ["core a", "core b", "core c"])).toEqual(expected);
    expect(updated(null, now, ["core a", "core b"])).toEqual(now);
  });

  test("shows a baseline in a grid only where it is not met", () => {
    const figure = (name: string, value: number) => ({ name, value, unit: "requests", baseline: 1 });
    const figures = [figure("GitHub: push", 1), figure("Jira: push", 3), figure("GitHub: poll", 1)];
    const page = renderPerformance({
      machine: "one machine",
      measured: [{ benchmark: "core requests", title: "Requests", about: "Counted.", layout: "grid", figures }],
    });
    expect(page).toContain(
      [
        "|      | GitHub | Jira  |",
        "| ---- | ------ | ----- |",
        "| push | 1      | 3 (1) |",
        "| poll | 1      |       |",
      ].join("\n"),
    );
  });
});
