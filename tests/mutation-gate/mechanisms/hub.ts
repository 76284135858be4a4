import type { Mechanism } from "../mechanism.ts";

const loopBreaker = "packages/core/src/engine/loop-breaker.ts";

/** One defect with several links. */
export const hubMechanisms: readonly Mechanism[] = [
  {
    id: "siblings-marked",
    about: "What came in by one link makes the defect's other links due.",
    patches: [
      {
        file: "packages/core/src/engine/apply-inbound.ts",
        find: "keys: [[work.link.defectId]],",
        replace: "keys: [],",
      },
    ],
  },
  {
    id: "loop-breaker",
    about: "Two trackers that answer each other through one defect are stopped.",
    patches: [
      {
        file: loopBreaker,
        find: "if (count >= mostAlternations) freeze.push(field);",
        replace: "if (count >= Number.POSITIVE_INFINITY) freeze.push(field);",
      },
    ],
  },
  {
    id: "loop-breaker-spares-people",
    about: "Only what another link brought in counts as an alternation, so that people's edits never freeze a field.",
    patches: [
      {
        file: loopBreaker,
        find: "const isEngineMade = changedBy !== undefined && changedBy !== link.id;",
        replace: "const isEngineMade = true;",
      },
    ],
  },
  {
    id: "comments-not-relayed",
    about: "A comment of one tracker does not go out to another.",
    patches: [
      {
        file: "packages/core/src/engine/plan-comments.ts",
        find: 'comment.origin === "host" && comment.visibility === "public"',
        replace: 'comment.visibility === "public"',
      },
    ],
  },
];
