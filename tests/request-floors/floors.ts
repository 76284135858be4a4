import type { OperationName } from "./operations.ts";
import { refreshed } from "./operations.ts";
import type { TrackerLabel } from "./trackers.ts";

/** Requests that an operation may cost at most. */
export type Floors = Readonly<Record<OperationName, number>>;

/** What a tracker without compare-and-set costs whose writes answer with the issue. */
const usual: Floors = {
  "push a defect": 1,
  "push a closed defect": 2,
  "one changed field": 2,
  "five edits before the pass": 2,
  "a delivery that changes nothing": 0,
  "a delivery that does": 1,
  "five deliveries at once": 1,
  "an idle poll": 1,
  [`refresh of ${refreshed} issues`]: Math.ceil(refreshed / 100),
};

/**
 * A create of Jira answers with no more than an id: the backlink follows, and a read of what the workflow made of it. Nor does
 * an update say what it did.
 */
const jira: Floors = {
  ...usual,
  "push a defect": 3,
  // Three steps through the fake's workflow, each with a look at which ones there are.
  "push a closed defect": 11,
  "one changed field": 3,
  "five edits before the pass": 3,
};

export const floors: Readonly<Record<TrackerLabel, Floors>> = {
  // Comments of a whole repository are one list of their own.
  GitHub: { ...usual, "an idle poll": 2 },
  GitLab: usual,
  "Jira Cloud": jira,
  "Jira Data Center": jira,
  Linear: { ...usual, [`refresh of ${refreshed} issues`]: Math.ceil(refreshed / 250) },
  // It has compare-and-set.
  "Azure DevOps": {
    ...usual,
    "one changed field": 1,
    "five edits before the pass": 1,
    [`refresh of ${refreshed} issues`]: Math.ceil(refreshed / 200),
  },
};

/** Where a tracker needs more than the design asks for: one request for a backlink, and one for a status that is not the initial one. */
const asked: Partial<Record<TrackerLabel, Partial<Floors>>> = {
  "Jira Cloud": { "push a defect": 2, "push a closed defect": 3 },
  "Jira Data Center": { "push a defect": 2, "push a closed defect": 3 },
};

/** What the design asks for. */
export const goals: Readonly<Record<TrackerLabel, Floors>> = Object.fromEntries(
  Object.entries(floors).map(([label, floor]) => [label, { ...floor, ...asked[label as TrackerLabel] }]),
) as Record<TrackerLabel, Floors>;
