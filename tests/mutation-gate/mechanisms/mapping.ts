import type { Mechanism } from "../mechanism.ts";

const fieldCodec = "packages/core/src/mapping/field-codec.ts";
const mergeField = "packages/core/src/merge/merge-field.ts";

/** What of an issue is ours, and what its values stand for. */
export const mappingMechanisms: readonly Mechanism[] = [
  {
    id: "owned-labels",
    about: "Only labels of the mapping are a priority; all others belong to the tracker's people.",
    patches: [
      {
        file: fieldCodec,
        find: "owned.get(label.toLowerCase()) ?? []",
        replace: "owned.get(label.toLowerCase()) ?? label",
      },
    ],
  },
  {
    id: "two-owned-labels",
    about: "Of two owned labels the one that was added since the last agreement counts.",
    patches: [
      {
        file: fieldCodec,
        find: "if (names.length < 2) return remote;",
        replace: "if (names.length < Number.POSITIVE_INFINITY) return remote;",
      },
    ],
  },
  {
    id: "second-label-removed",
    about: "The owned label that does not count any more is taken off the issue.",
    patches: [
      {
        file: mergeField,
        find: "const hasLeftovers = !codec.sameRemote(chosen, remote);",
        replace: "const hasLeftovers = false;",
      },
    ],
  },
  {
    id: "second-label-in-base",
    about: "The base keeps the label that does not count until it is gone, so that no look takes it for a new one.",
    patches: [
      {
        file: mergeField,
        find: "{ base: { local: agreed.local, remote } }",
        replace: "{ base: agreed }",
      },
    ],
  },
  {
    id: "label-choice-kept",
    about: "While taking the other label off has not succeeded, the one that was chosen still counts.",
    patches: [
      {
        file: fieldCodec,
        find: "return own.length > 0 && own.every((name) => names.includes(name)) ? own : undefined;",
        replace: "return undefined;",
      },
    ],
  },
  {
    id: "push-stands-for-incoming",
    about: "What comes in and goes out in one look is agreed under the value that came in.",
    patches: [
      {
        file: "packages/core/src/engine/plan-fields.ts",
        find: "local: result.setLocal ?? local,",
        replace: "local,",
      },
    ],
  },
  {
    id: "labels-made-first",
    about: "Labels of the mapping are made before the first issue uses them.",
    patches: [
      {
        file: "packages/core/src/engine/pass-services.ts",
        find: "if (provider.labels === undefined || names.length === 0) return new Map();",
        replace: "if (provider.labels === undefined || names.length >= 0) return new Map();",
      },
    ],
  },
  {
    id: "refused-labels-not-created",
    about: "A label that the tracker would not make is left out of a new issue, and the issue is made.",
    patches: [
      {
        file: "packages/core/src/engine/create-request.ts",
        find: "asList(sent.priority?.remote).filter((name) => !refusedLabels.has(name))",
        replace: "asList(sent.priority?.remote)",
      },
    ],
  },
  {
    id: "refused-labels-not-sent",
    about: "A label that the tracker would not make is left out of an update, and the rest is sent.",
    patches: [
      {
        file: "packages/core/src/engine/reconcile-fields.ts",
        find: "const allowed = await withoutRefusedLabels(work, first.plan.pushes);",
        replace: "const allowed = first.plan.pushes;",
      },
    ],
  },
  {
    id: "unmapped-changes-nothing",
    about: "A remote value without a counterpart, or none at all, changes nothing in the defect.",
    patches: [
      {
        file: mergeField,
        find: "if (value === undefined) return { base: { local, remote }, unmappedRemote: true };",
        replace: "if (value === undefined) return { setLocal: null, base: { local: null, remote } };",
      },
    ],
  },
  {
    id: "mapping-change-rebases",
    about: "A mapping that an admin changed sends and applies nothing by itself.",
    patches: [
      {
        file: "packages/core/src/engine/plan-fields.ts",
        find: "const old = rebased(work, codec, remote, local);",
        replace: "const old = link.base[field];",
      },
    ],
  },
  {
    id: "values-apart-compared",
    about: "A pair that never stood for each other is compared as before, whatever an admin changes of the mapping.",
    patches: [
      {
        file: "packages/core/src/engine/plan-fields.ts",
        find: "return base.isApart === true || standsFor(codec, base) ?",
        replace: "return standsFor(codec, base) ?",
      },
    ],
  },
  {
    id: "own-block-cut-off",
    about: "The block that leads back to the defect is no part of the description.",
    patches: [
      {
        file: fieldCodec,
        find: "readRemote: (issue) => canonicalText(userPartOf(issue.body, token)),",
        replace: "readRemote: (issue) => canonicalText(issue.body),",
      },
    ],
  },
  {
    id: "foreign-block-kept",
    about: "A block with another token was copied by people and is theirs.",
    patches: [
      {
        file: "packages/core/src/mapping/managed-block.ts",
        find: "if (to < 0) return rest;",
        replace:
          "const foreign = tokensIn(rest).find((known) => known !== token && rest.includes(endOf(known)));\n    if (to < 0) return foreign === undefined ? rest : userPartOf(rest, foreign);",
      },
    ],
  },
];
