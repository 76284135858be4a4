import type { Provider } from "@backref/core/provider";
import type { Dice } from "../kernel/dice.ts";
import type { Profile } from "../plan/profile.ts";
import { createAzureDevOpsTracker } from "./azure-devops/azure-devops-tracker.ts";
import { createGitHubTracker } from "./github/github-tracker.ts";
import { createLinearTracker } from "./linear/linear-tracker.ts";
import type { RemoteTracker, TrackerName } from "./remote-tracker.ts";
import { createThinTracker } from "./thin/thin-tracker.ts";

const clockOffsets = [0, 40_000, -40_000] as const;

/** Somebody's automation that numbers every title anew whenever it changes. */
function stampWith([open, close]: "[]" | "()"): (title: string) => string {
  let count = 0;
  const stamp = new RegExp(` \\${open}\\d+\\${close}`, "g");
  return (title) => {
    count += 1;
    return `${title.trim().replace(stamp, "")} ${open}${count}${close}`;
  };
}

/** The trackers of one run: of the kind asked for, and a second one where defects have several links. */
export function createTrackers(options: {
  readonly seed: number;
  readonly profile: Profile;
  readonly name: TrackerName;
  readonly now: () => number;
  readonly dice: Dice;
  /** GitHub's, which this package must not depend on; needed by the tracker `github` alone. */
  readonly gitHubProvider: Provider | undefined;
  /** Linear's, needed by the tracker `linear` alone. @default none */
  readonly createLinearProvider?: (() => Provider) | undefined;
  /** Azure DevOps', needed by the tracker `azure-devops` alone. @default none */
  readonly createAzureDevOpsProvider?: (() => Provider) | undefined;
}): readonly RemoteTracker[] {
  const { profile, name, dice, gitHubProvider, createLinearProvider, createAzureDevOpsProvider } = options;
  const offset = dice.pick(clockOffsets);
  const now = () => options.now() + offset;
  const makeThin = (providerId: string, priority: "labels" | "field", brackets: "[]" | "()") => {
    const kind = name === "cas" ? "cas" : "plain";
    const normalise = profile.normalises ? { normaliseTitle: stampWith(brackets) } : {};
    return createThinTracker({ name: kind, providerId, now, priority, ...normalise });
  };
  const makeGitHub = () => {
    if (gitHubProvider === undefined) {
      throw new TypeError('The tracker "github" needs the option `gitHubProvider`, such as createGitHubProvider().');
    }
    return createGitHubTracker({ provider: gitHubProvider, now, random: () => dice.next() });
  };
  const makeLinear = () => {
    if (createLinearProvider === undefined) {
      throw new TypeError('The tracker "linear" needs the option `createLinearProvider`.');
    }
    return createLinearTracker({ provider: createLinearProvider(), now });
  };
  const makeAzureDevOps = () => {
    if (createAzureDevOpsProvider === undefined) {
      throw new TypeError('The tracker "azure-devops" needs the option `createAzureDevOpsProvider`.');
    }
    return createAzureDevOpsTracker({ provider: createAzureDevOpsProvider(), now });
  };
  const makeFirst = () => {
    if (name === "azure-devops") return makeAzureDevOps();
    if (name === "github") return makeGitHub();
    return name === "linear" ? makeLinear() : makeThin("thin-a", dice.chance(0.7) ? "labels" : "field", "[]");
  };
  const first = makeFirst();
  return profile.sources === 1 ? [first] : [first, makeThin("thin-b", "labels", "()")];
}
