import type { Provider } from "@backref/core/provider";
import type { Dice } from "../kernel/dice.ts";
import type { Profile } from "../plan/profile.ts";
import { createAzureDevOpsTracker } from "./azure-devops/azure-devops-tracker.ts";
import { createGitHubTracker } from "./github/github-tracker.ts";
import { createGitLabTracker } from "./gitlab/gitlab-tracker.ts";
import { createJiraTracker } from "./jira/jira-tracker.ts";
import { createLinearTracker } from "./linear/linear-tracker.ts";
import type { RemoteTracker, SpokenTrackerName, TrackerName } from "./remote-tracker.ts";
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
  /** What the tracker is spoken to with; null for the thin ones, which bring it along. */
  readonly provider: Provider | null;
  /** The same for one more process. @default they share the one */
  readonly createProvider?: (() => Provider) | undefined;
}): readonly RemoteTracker[] {
  const { profile, name, dice, provider, createProvider } = options;
  const offset = dice.pick(clockOffsets);
  const now = () => options.now() + offset;
  const makeThin = (providerId: string, priority: "labels" | "field", brackets: "[]" | "()") => {
    const kind = name === "cas" ? "cas" : "plain";
    const normalise = profile.normalises ? { normaliseTitle: stampWith(brackets) } : {};
    return createThinTracker({ name: kind, providerId, now, priority, ...normalise });
  };
  const makeFirst = () => {
    if (name === "cas" || name === "plain") return makeThin("thin-a", dice.chance(0.7) ? "labels" : "field", "[]");
    if (provider === null) throw new TypeError(`The tracker "${name}" needs \`providers.${name}\`.`);
    const spoken = makeSpoken(name, { provider, now, dice });
    return createProvider === undefined ? spoken : { ...spoken, createProvider };
  };
  const first = makeFirst();
  return profile.sources === 1 ? [first] : [first, makeThin("thin-b", "labels", "()")];
}

function makeSpoken(
  name: SpokenTrackerName,
  { dice, ...options }: { readonly provider: Provider; readonly now: () => number; readonly dice: Dice },
): RemoteTracker {
  switch (name) {
    case "azure-devops":
      return createAzureDevOpsTracker(options);
    case "github":
      return createGitHubTracker({ ...options, random: () => dice.next() });
    case "gitlab":
      return createGitLabTracker(options);
    case "jira":
      return createJiraTracker({ ...options, deployment: dice.chance(0.6) ? "cloud" : "data-center" });
    case "linear":
      return createLinearTracker(options);
  }
}
