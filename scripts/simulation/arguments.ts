import { parseArgs } from "node:util";
import {
  type ProfileName,
  profileNames,
  type Switches,
  type TrackerName,
  type TroubleKind,
  trackerNames,
  troubleKinds,
} from "@backref/testing/simulation";

/** What `pnpm simulate` is asked for. */
export interface SimulateArguments {
  /** The first seed. */
  readonly from: number;
  readonly seeds: number;
  /** Null for what each seed chooses. */
  readonly profile: ProfileName | null;
  readonly tracker: TrackerName | null;
  readonly switches: Switches;
  readonly workers: number;
  /** Id of a mechanism that is taken out first, or null. */
  readonly mutation: string | null;
  readonly isJson: boolean;
  readonly withTrace: boolean;
}

const mostWorkers = 64;

/** @throws TypeError with a message for the user */
export function readArguments(parameters: readonly string[]): SimulateArguments {
  const { values } = parseArgs({
    args: parameters.filter((parameter) => parameter !== "--"),
    options: {
      seeds: { type: "string", default: "100" },
      from: { type: "string", default: "1" },
      profile: { type: "string" },
      tracker: { type: "string" },
      keep: { type: "string" },
      without: { type: "string", default: "" },
      workers: { type: "string", default: "2" },
      mutation: { type: "string" },
      json: { type: "boolean", default: false },
      trace: { type: "boolean", default: false },
    },
  });
  const seeds = wholeNumber("seeds", values.seeds, 1, Number.MAX_SAFE_INTEGER);
  if (seeds > 1 && values.keep !== undefined) throw new TypeError("--keep names steps of one seed: add --seeds 1.");
  if (seeds > 1 && values.trace) throw new TypeError("--trace shows the history of one seed: add --seeds 1.");
  return {
    seeds,
    from: wholeNumber("from", values.from, 0, Number.MAX_SAFE_INTEGER - seeds),
    profile: values.profile === undefined ? null : oneOf<ProfileName>("profile", profileNames, values.profile),
    tracker: values.tracker === undefined ? null : oneOf<TrackerName>("tracker", trackerNames, values.tracker),
    switches: {
      steps: values.keep === undefined ? null : stepsIn(values.keep),
      without: new Set(listed(values.without).map((kind) => oneOf<TroubleKind>("without", troubleKinds, kind))),
    },
    workers: wholeNumber("workers", values.workers, 1, mostWorkers),
    mutation: values.mutation ?? null,
    isJson: values.json,
    withTrace: values.trace,
  };
}

const listed = (text: string) => text.split(",").filter((word) => word !== "");

/** What stands for no steps at all. */
const noSteps = "none";

function stepsIn(text: string): ReadonlySet<number> {
  const words = text === noSteps ? [] : listed(text);
  if (words.length === 0 && text !== noSteps) throw new TypeError(`--keep needs numbers of steps, or ${noSteps}.`);
  return new Set(words.map((word) => wholeNumber("keep", word, 0, Number.MAX_SAFE_INTEGER)));
}

function wholeNumber(name: string, text: string, least: number, most: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new TypeError(`--${name} takes a whole number from ${least} to ${most}, not "${text}".`);
}

function oneOf<Word extends string>(name: string, words: readonly Word[], text: string): Word {
  const found = words.find((word) => word === text);
  if (found === undefined) throw new TypeError(`--${name} does not know "${text}". It takes ${words.join(", ")}.`);
  return found;
}

/** The parameters that run one history again. */
export function replayParameters(
  choice: { readonly seed: number; readonly profile: ProfileName; readonly tracker: TrackerName },
  switches: Switches,
  mutation: string | null,
): readonly string[] {
  const { steps, without } = switches;
  return [
    ...["--seeds", "1", "--from", String(choice.seed), "--profile", choice.profile, "--tracker", choice.tracker],
    ...(steps === null ? [] : ["--keep", steps.size === 0 ? noSteps : [...steps].join(",")]),
    ...(without.size === 0 ? [] : ["--without", [...without].join(",")]),
    ...(mutation === null ? [] : ["--mutation", mutation]),
    "--trace",
  ];
}
