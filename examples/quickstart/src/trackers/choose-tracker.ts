import { InputError } from "../input-error.ts";
import type { Environment, TrackerChoice } from "../tracker.ts";
import { chooseAzureDevOps } from "./azure-devops.ts";
import { chooseGitHub } from "./github.ts";
import { chooseGitLab } from "./gitlab.ts";
import { chooseJira } from "./jira.ts";
import { chooseLinear } from "./linear.ts";
import { chooseRedmine } from "./redmine.ts";

/** By the name that `--provider` takes. */
const trackers: Readonly<Record<string, (environment: Environment) => TrackerChoice>> = {
  github: chooseGitHub,
  gitlab: chooseGitLab,
  jira: chooseJira,
  linear: chooseLinear,
  redmine: chooseRedmine,
  "azure-devops": chooseAzureDevOps,
};

/** @throws InputError for a tracker that there is not, or whose settings are incomplete */
export function chooseTracker(name: string, environment: Environment): TrackerChoice {
  const choose = Object.hasOwn(trackers, name) ? trackers[name] : undefined;
  if (choose !== undefined) return choose(environment);
  throw new InputError(`--provider does not know "${name}". It takes ${Object.keys(trackers).join(", ")}.`);
}
