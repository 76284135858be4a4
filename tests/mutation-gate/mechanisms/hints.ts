import type { Mechanism } from "../mechanism.ts";

const routeHints = "packages/core/src/engine/route-hints.ts";
const storeDelivery = "packages/core/src/webhooks/store-delivery.ts";

/** What a delivery or a row of a poll makes due. */
export const hintMechanisms: readonly Mechanism[] = [
  {
    id: "token-routing",
    about: "A hint finds a link that does not know its issue yet by the token in the issue.",
    patches: [
      {
        file: routeHints,
        find: "(link.issueId === null && tokens.includes(link.token))",
        replace: "false",
      },
    ],
  },
  {
    id: "echo-idle-only",
    about: "A hint that tells nothing new is dropped only while its link is idle.",
    patches: [
      {
        file: routeHints,
        find: 'const isBelieved = isIdle(link) && hint.change === "changed";',
        replace: 'const isBelieved = hint.change === "changed";',
      },
    ],
  },
  {
    id: "deletion-hint-looked-at",
    about: "A hint that tells of a deletion is never taken for an echo.",
    patches: [
      {
        file: routeHints,
        find: 'const isBelieved = isIdle(link) && hint.change === "changed";',
        replace: "const isBelieved = isIdle(link);",
      },
    ],
  },
  {
    id: "comment-count-hint",
    about: "A hint that agrees in every field but counts other comments asks for the list of comments.",
    patches: [
      {
        file: routeHints,
        find: "return commentCount === null || commentCount === countKnown(commentLinks) ? null : { checkComments: true };",
        replace: "return null;",
      },
    ],
  },
  {
    id: "partial-payload-not-believed",
    about: "A payload that lacks synced fields says where to look, and nothing about what is true.",
    patches: [
      {
        file: routeHints,
        find: "const believed = isWhole ? hint : { ...hint, issue: null };",
        replace: "const believed = isWhole ? hint : { ...hint };",
      },
    ],
  },
  {
    id: "hint-of-what-was-seen",
    about: "A delivery is taken for old by its version only where nothing newer can have the same one.",
    patches: [
      { file: routeHints, find: "told > link.seenVersion", replace: "false" },
      { file: routeHints, find: "capabilities.versionGranularityMs <= closestChangesMs", replace: "true" },
    ],
  },
  {
    id: "marks-with-delivery",
    about: "A delivery and the marks that it asks for are one commit, since the sender does not send it twice.",
    patches: [
      { file: storeDelivery, find: "      ...marks,\n      ...extra,\n    ],", replace: "      ...extra,\n    ]," },
      {
        file: storeDelivery,
        find: 'return outcome?.status === "committed" ? "stored" : "known";',
        replace:
          'if (outcome?.status === "committed" && marks.length > 0) await runtime.storage.commit({ tenantId: source.tenantId }, [{ write: marks }]);\n  return outcome?.status === "committed" ? "stored" : "known";',
      },
    ],
  },
  {
    id: "delivery-once",
    about: "A delivery that is sent again changes nothing.",
    patches: [
      {
        file: storeDelivery,
        find: "deliveryId: event.deliveryId,",
        replace: "deliveryId: event.deliveryId + runtime.ids.id(),",
      },
    ],
  },
];
