import type { Mechanism } from "../mechanism.ts";

const mergeField = "packages/core/src/merge/merge-field.ts";
const outbound = "packages/core/src/engine/outbound.ts";
const planFields = "packages/core/src/engine/plan-fields.ts";
const reconcileFields = "packages/core/src/engine/reconcile-fields.ts";

/** Writes whose fate is not known: remembered before they are sent, recognised when they show up. */
export const journalMechanisms: readonly Mechanism[] = [
  {
    id: "journal",
    about: "A write is remembered before it is sent, so that its value is known as ours when it shows up late.",
    patches: [
      {
        file: reconcileFields,
        find: "journal: [...settled, ...journalOf(pushes, look.issue.version, pass.now())]",
        replace: "journal: settled",
      },
    ],
  },
  {
    id: "journal-kept-in-doubt",
    about: "A write without an answer stays in the journal.",
    patches: [
      {
        file: reconcileFields,
        find: 'if (error.failure !== "ambiguous") work.stage({ set: { journal: settled } });',
        replace: "work.stage({ set: { journal: settled } });",
      },
    ],
  },
  {
    id: "journal-ends-with-answer",
    about: "An answered write leaves the journal, so that a person may set the same value again.",
    patches: [{ file: reconcileFields, find: "journal: settled,", replace: "journal: work.link.journal," }],
  },
  {
    id: "journal-ends-when-shown",
    about: "A write that a read shows to have arrived leaves the journal.",
    patches: [
      {
        file: planFields,
        find: "openEntries(work, issue, readStartedAt).filter((entry) => !shown(entry))",
        replace: "openEntries(work, issue, readStartedAt)",
      },
    ],
  },
  {
    id: "journal-ends-after-grace",
    about: "A write that no read shows stays in the journal until it cannot be applied any more.",
    patches: [
      {
        file: planFields,
        find: "return entry.at + work.pass.runtime.limits.createGraceMs > readStartedAt;",
        replace: "return false;",
      },
    ],
  },
  {
    id: "journal-ends-with-version",
    about: "Under compare-and-set, a write for a version that has passed cannot arrive and leaves the journal.",
    patches: [
      {
        file: planFields,
        find: "if (capabilities.compareAndSet && issue.version > entry.ifVersion) return false;",
        replace: "",
      },
    ],
  },
  {
    id: "journal-repeated",
    about:
      "A value that was sent twice is not settled by a read that shows it, since the other request may still arrive.",
    patches: [
      {
        file: reconcileFields,
        find: "return isRepeated ? { ...entry, repeated: true } : entry;",
        replace: "return entry;",
      },
    ],
  },
  {
    id: "journal-per-element",
    about: "Writes of sets are remembered element by element, since each may arrive alone.",
    patches: [
      {
        file: outbound,
        find: "if (!Array.isArray(push.target) && !Array.isArray(push.before)) return [entry];",
        replace: "return [entry];",
      },
    ],
  },
  {
    id: "own-value-recognised",
    about: "A remote value that we sent and got no answer for is our own late write and no edit of a person.",
    patches: [
      {
        file: mergeField,
        find: "if (remoteChanged && written !== undefined) {",
        replace: "if (remoteChanged && written !== undefined && written.at < 0) {",
      },
    ],
  },
  {
    id: "own-elements-recognised",
    about: "Elements of a set that our own unanswered writes added or removed are no edit of a person.",
    patches: [
      {
        file: mergeField,
        find: "const absorbed = absorbOwnElements(input);",
        replace: "const absorbed = absorbOwnElements({ ...input, journal: [] });",
      },
    ],
  },
  {
    id: "own-elements-replaced-recorded",
    about: "What goes out over elements that we, but perhaps a person too, have written is recorded.",
    patches: [{ file: mergeField, find: "return { ...pushed, conflict };", replace: "return pushed;" }],
  },
  {
    id: "own-elements-lost-recorded",
    about: "Where a person's change may have covered an unanswered write of ours, a conflict row says so.",
    patches: [{ file: mergeField, find: "return { ...result, conflict };", replace: "return result;" }],
  },
  {
    id: "own-value-conflict-row",
    about: "Where our own late write may have covered a person's edit, a conflict row says so.",
    patches: [
      {
        file: mergeField,
        find: "return { base: agreed, conflict, ...pushLocal(input, remote) };",
        replace: "return { base: agreed, ...pushLocal(input, remote) };",
      },
    ],
  },
  {
    id: "stops-gone-on-from",
    about: "What an unanswered walk through several states has left behind is gone on from, and does not come in.",
    patches: [
      {
        file: mergeField,
        find: "if (remoteChanged && isBegun) return goOn(input, remote);",
        replace: "if (remoteChanged && isBegun && input.frozen) return goOn(input, remote);",
      },
    ],
  },
];
