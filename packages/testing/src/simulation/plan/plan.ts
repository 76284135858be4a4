import { createDice, type Dice } from "../kernel/dice.ts";
import { accounts, strangeAccount } from "../oracle/meaning.ts";
import { type RemoteField, remoteFields, usualFields } from "../tracker/remote-tracker.ts";
import type { Action, Step } from "./actions.ts";
import type { PeopleWeights, Profile } from "./profile.ts";

export const statuses = ["open", "in-progress", "closed", "achieved"] as const;
export const priorities = ["blocker", "critical", "major", "minor", "trivial"] as const;
const priorityLabels = ["priority:critical", "priority:high", "priority:medium", "priority:low"] as const;
const closedReasons = ["completed", "not_planned", null] as const;

interface Drafting {
  readonly dice: Dice;
  readonly profile: Profile;
  /** A text that occurs nowhere else. */
  readonly fresh: (side: "L" | "R") => string;
  readonly defect: number;
  readonly source: number;
}

/** Half of all changes are of the assignee where that travels: everything else is changed in every profile. */
function pickField({ dice, profile }: Drafting): RemoteField {
  if (!profile.assignees) return dice.pick(usualFields);
  return dice.chance(0.5) ? "assignee" : dice.pick(remoteFields);
}

function localField(drafting: Drafting): Action {
  const { dice, fresh, defect } = drafting;
  const field = pickField(drafting);
  const space = dice.chance(0.1) ? "  " : "";
  const value = {
    title: () => `${fresh("L")}${space}`,
    description: () => `Text ${fresh("L")}${space}${dice.chance(0.2) ? "\r\nmore\n" : ""}`,
    status: () => dice.pick(statuses),
    priority: () => dice.pick([...priorities, null]),
    assignee: () => dice.pick([...Object.keys(accounts), "ada", "ben", null]),
  }[field]();
  return { kind: "local-field", defect, field, value };
}

function remoteField(drafting: Drafting): Action {
  const { dice, fresh, defect, source } = drafting;
  const field = pickField(drafting);
  const value = {
    title: () => fresh("R"),
    description: () => `Note ${fresh("R")}`,
    status: () => dice.pick(["open", "closed"]),
    priority: () => (dice.chance(0.1) ? "" : dice.pick(priorityLabels)),
    assignee: () => dice.pick(["kim", "lena", "kim", "lena", strangeAccount, ""]),
  }[field]();
  const more = {
    title: () => null,
    description: () => dice.pick(["before", "instead", "after"]),
    status: () => dice.pick(closedReasons),
    priority: () => (dice.chance(0.15) ? "beside" : null),
    assignee: () => null,
  }[field]();
  return { kind: "remote-field", defect, source, field, value, more };
}

function draft(kind: keyof PeopleWeights, drafting: Drafting): readonly Action[] {
  const { dice, fresh, defect, source } = drafting;
  const which = dice.next();
  switch (kind) {
    case "local-field":
      return dice.chance(0.15) ? [localField(drafting), localField(drafting)] : [localField(drafting)];
    case "remote-field":
      return [remoteField(drafting)];
    case "local-comment": {
      const what = dice.weighted({ add: 5, "add-internal": 1, edit: 3, delete: 1 });
      return [{ kind, defect, what, which, text: `Host ${fresh("L")}` }];
    }
    case "remote-comment": {
      const what = dice.weighted({ add: 5, "add-internal": 1, edit: 3, delete: 1 });
      return [{ kind, defect, source, what, which, text: `Remote ${fresh("R")}` }];
    }
    case "remote-other": {
      const what = dice.weighted({ label: 4, assign: 3, copy: 2, "strip-block": 2 });
      return [{ kind, defect, source, what, text: `area/${fresh("R")}` }];
    }
    case "remote-end":
      return [{ kind, defect, source, what: dice.chance(0.3) ? "delete" : "move" }];
    case "link": {
      const what = dice.weighted({
        push: 4,
        detach: 2,
        "push-new": 1,
        reattach: 2,
        pause: 2,
        resume: 3,
        retry: 2,
        "attach-same": 1,
      });
      return [{ kind, defect, source, what }];
    }
    case "admin": {
      const what = dice.weighted({ disable: 2, revoke: 2, "edit-mapping": 1, "lose-container": 2, disconnect: 0.4 });
      return [{ kind, source, what }];
    }
  }
}

const undone = { disable: "enable", revoke: "renew", "lose-container": "find-container" } as const;

/** Everything people do in one run, decided before it begins. */
export function createPlan(seed: number, profile: Profile): readonly Step[] {
  const dice = createDice(seed, "people");
  let words = 0;
  const fresh = (side: "L" | "R") => {
    words += 1;
    return `${side}${words}`;
  };
  const planned: { readonly atMs: number; readonly action: Action }[] = [];
  for (let defect = 0; defect < profile.defects; defect += 1) {
    const how = profile.sources === 1 && dice.chance(0.15) ? "attach" : "push";
    planned.push({ atMs: dice.between(0, 5_000), action: { kind: "start", defect, how, title: fresh("L") } });
  }
  while (planned.length < profile.steps + profile.defects) {
    const atMs = dice.between(0, profile.activeMs);
    const defect = dice.below(profile.defects);
    const source = dice.below(profile.sources);
    const kind = dice.weighted(profile.people);
    // People often do several things at once, or the same thing on both sides.
    const burst = dice.chance(0.2) ? 3 : 1;
    for (let times = 0; times < burst; times += 1) {
      for (const action of draft(kind, { dice, profile, fresh, defect, source })) {
        planned.push({ atMs: atMs + times * dice.between(0, 1_500), action });
        if (action.kind !== "admin" || !(action.what in undone)) continue;
        const what = undone[action.what as keyof typeof undone];
        planned.push({ atMs: atMs + dice.between(5_000, 90_000), action: { ...action, what } });
      }
    }
  }
  return planned.toSorted((a, b) => a.atMs - b.atMs).map((step, number) => ({ ...step, number }));
}
