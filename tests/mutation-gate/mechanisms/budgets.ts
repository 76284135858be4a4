import type { Mechanism } from "../mechanism.ts";

const budgets = "packages/core/src/runtime/budgets.ts";
const guardedFetch = "packages/core/src/runtime/guarded-fetch.ts";

/** What a tracker's documented limits ask for. */
export const budgetMechanisms: readonly Mechanism[] = [
  {
    id: "budget-before-sending",
    about: "A request waits until the tracker's limits have room for it.",
    patches: [{ file: guardedFetch, find: "    await spendFor(sending, input, init);\n", replace: "" }],
  },
  {
    id: "budget-window-covers-grants",
    about: "Windows are kept for as long as a grant may be used, so that late and early requests do not meet in one.",
    patches: [{ file: budgets, find: "windowMs: windowMs + grantMs", replace: "windowMs" }],
  },
  {
    id: "budget-grant-ends",
    about: "A grant that arrives too late is asked for again.",
    patches: [{ file: budgets, find: "else if (now < askedAt + grantMs)", replace: "else" }],
  },
  {
    id: "budget-urgent-first",
    about: "Work that somebody waits for goes before work that nobody waits for.",
    patches: [{ file: budgets, find: "(waiter.spending.isUrgent ? 0 : 1)", replace: "0 * waiter.giveUpAt" }],
  },
  {
    id: "budget-share",
    about: "Work that nobody waits for leaves a part of every limit.",
    patches: [{ file: budgets, find: "const patientShare = 0.9;", replace: "const patientShare = 1;" }],
  },
  {
    id: "budget-blocks-nobody",
    about: "A request that our own budget holds back makes no other wait.",
    patches: [
      {
        file: "packages/core/src/engine/failure.ts",
        find: 'const source = isUnsent(error) ? "none" : "wait";',
        replace: 'const source = "wait";',
      },
    ],
  },
  {
    id: "budget-creates-are-urgent",
    about: "Somebody pressed a button for a new issue, whoever sends it.",
    patches: [
      {
        file: "packages/core/src/engine/create-issue.ts",
        find: "create.create(pass.call({ isUrgent: true }), request)",
        replace: "create.create(pass.call(), request)",
      },
    ],
  },
  {
    id: "budget-writes-do-not-wait",
    about: "A change that would have to wait is sent later, after another look, not after a look that has become old.",
    patches: [
      {
        file: "packages/core/src/engine/reconcile-fields.ts",
        find: "update.update(pass.call({ patienceMs: 0 }), {",
        replace: "update.update(pass.call({ patienceMs: 30_000 }), {",
      },
    ],
  },
];
