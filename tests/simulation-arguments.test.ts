import { everything, type Switches } from "@backref/testing/simulation";
import { describe, expect, test } from "vitest";
import { readArguments, replayParameters } from "../scripts/simulation/arguments.ts";

describe("pnpm simulate", () => {
  test("runs a hundred seeds on two threads where nothing else is asked for", () => {
    expect(readArguments([])).toEqual({
      from: 1,
      seeds: 100,
      profile: null,
      tracker: null,
      switches: everything,
      workers: 2,
      mutation: null,
      isJson: false,
      withTrace: false,
    });
  });

  test("takes everything that can be asked for", () => {
    const text = "-- --seeds 1 --from 9 --profile slow --tracker plain --keep 3,5 --without death,late --json --trace";
    expect(readArguments([...text.split(" "), "--workers", "4", "--mutation", "lease"])).toEqual({
      from: 9,
      seeds: 1,
      profile: "slow",
      tracker: "plain",
      switches: { steps: new Set([3, 5]), without: new Set(["death", "late"]) },
      workers: 4,
      mutation: "lease",
      isJson: true,
      withTrace: true,
    });
  });

  test.each([
    ["--seeds 0", "--seeds takes a whole number"],
    ["--seeds 1e3", "--seeds takes a whole number"],
    ["--from -1", "--from"],
    ["--workers 65", "--workers takes a whole number from 1 to 64"],
    ["--profile lazy", '--profile does not know "lazy". It takes busy,'],
    ["--tracker redmine", '--tracker does not know "redmine". It takes cas, plain'],
    ["--without rain", '--without does not know "rain". It takes refused,'],
    ["--seeds 1 --keep a", "--keep takes a whole number"],
    ["--seeds 1 --keep ,", "--keep needs numbers of steps, or none."],
    ["--seeds 2 --keep 3", "add --seeds 1"],
    ["--seeds 2 --trace", "add --seeds 1"],
    ["--sedes 3", "--sedes"],
    ["17", "17"],
  ])("refuses %s and says why", (text, reason) => {
    const read = () => readArguments(text.split(" "));
    expect(read).toThrow(TypeError);
    expect(read).toThrow(reason);
  });
});

describe("a replay", () => {
  const choice = { seed: 17, profile: "limits", tracker: "cas" } as const;

  test.each<[string, Switches]>([
    ["everything", everything],
    ["a few steps", { steps: new Set([0, 4, 17]), without: new Set() }],
    ["no steps", { steps: new Set(), without: new Set(["clocks"]) }],
    ["less trouble", { steps: null, without: new Set(["death", "indexLag"]) }],
  ])("asks for the same history: %s", (_what, switches) => {
    const { seed, ...combination } = choice;
    const asked = readArguments(replayParameters(choice, switches, "lease"));
    expect(asked).toMatchObject({ from: seed, seeds: 1, ...combination, mutation: "lease", withTrace: true });
    expect(asked.switches).toEqual(switches);
  });

  test("is one line that can be copied", () => {
    expect(replayParameters(choice, { steps: new Set([3, 5]), without: new Set(["death"]) }, null).join(" ")).toBe(
      "--seeds 1 --from 17 --profile limits --tracker cas --keep 3,5 --without death --trace",
    );
  });
});
