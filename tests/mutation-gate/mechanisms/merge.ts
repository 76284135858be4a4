import type { Mechanism } from "../mechanism.ts";

const mergeField = "packages/core/src/merge/merge-field.ts";

/** The three-way merge of one field. */
export const mergeMechanisms: readonly Mechanism[] = [
  {
    id: "remote-change-in-remote-space",
    about:
      "Whether the issue changed is decided among remote values, so that a lossy mapping never looks like a change.",
    patches: [
      {
        file: mergeField,
        find: "const remoteChanged = base === undefined || !codec.sameRemote(remote, base.remote);",
        replace:
          "const remoteChanged = base === undefined || !codec.sameLocal(codec.fromRemote(remote) ?? null, base.local);",
      },
    ],
  },
  {
    id: "local-change-in-local-space",
    about: "Whether the defect changed is decided among local values, so that an edit within one remote value counts.",
    patches: [
      {
        file: mergeField,
        find: "const localChanged = base === undefined || !codec.sameLocal(local, base.local);",
        replace:
          "const localChanged = base === undefined || !codec.sameRemote(codec.toRemote(local) ?? null, base.remote);",
      },
    ],
  },
  {
    id: "equivalent-unchanged",
    about: "A remote value that stands for what the defect says already leaves the defect as it is.",
    patches: [
      {
        file: mergeField,
        find: "return { base: { local, remote } };\n  const value = codec.fromRemote(remote);",
        replace: "{}\n  const value = codec.fromRemote(remote);",
      },
    ],
  },
  {
    id: "equivalent-not-sent",
    about: "A local change that the issue stands for already is not sent.",
    patches: [
      {
        file: mergeField,
        find: "if (input.codec.sameRemote(target, remote)) return { base: { local: input.local, remote } };",
        replace: "",
      },
    ],
  },
  {
    id: "both-to-the-same",
    about: "Both sides changed to the same is agreement and no conflict, which also absorbs echoes after a crash.",
    patches: [
      {
        file: mergeField,
        find: "return { base: { local, remote } };\n  return resolveConflict(input, remote, base);",
        replace: "{}\n  return resolveConflict(input, remote, base);",
      },
    ],
  },
  {
    id: "conflict-moves-base-pair",
    about: "Where the local value wins a conflict, both halves of the base move to the remote value that lost.",
    patches: [
      {
        file: mergeField,
        find: "base: pushed.base ?? { local: incoming, remote }",
        replace: "base: pushed.base ?? { local: base?.local ?? null, remote }",
      },
    ],
  },
  {
    id: "loser-without-counterpart-seen",
    about:
      "A remote value that stands for nothing here and loses is part of the base, since what is sent builds on it.",
    patches: [
      {
        file: mergeField,
        find: "return base === undefined ? {} : { base: { local: base.local, remote } };",
        replace: "return {};",
      },
    ],
  },
  {
    id: "conflict-rows",
    about: "Nothing is overwritten without a row that keeps the loser.",
    patches: [
      {
        file: "packages/core/src/engine/plan-fields.ts",
        find: "if (result.conflict !== undefined) conflicts.push({ ...result.conflict, field });",
        replace: "",
      },
    ],
  },
  {
    id: "latest-compares-times",
    about: "The policy `latest` lets the later side win.",
    patches: [
      {
        file: mergeField,
        find: 'return local !== null && remote !== null && local > remote ? "local" : "remote";',
        replace: 'return "remote";',
      },
    ],
  },
  {
    id: "manual-freezes",
    about: "A conflict under the policy `manual` freezes its field until a person decides.",
    patches: [
      {
        file: mergeField,
        find: 'return { conflict: record("none"), freeze: true };',
        replace: 'return { conflict: record("none") };',
      },
    ],
  },
  {
    id: "frozen-fields",
    about: "A frozen field travels neither way.",
    patches: [
      {
        file: mergeField,
        find: 'if (input.frozen || rule.direction === "never") return {};',
        replace: 'if (rule.direction === "never") return {};',
      },
    ],
  },
  {
    id: "direction-in",
    about: "A field that only comes in is never sent.",
    patches: [{ file: mergeField, find: "return inward;", replace: "return result;" }],
  },
  {
    id: "direction-out",
    about: "A field that only goes out is never changed by the tracker.",
    patches: [
      {
        file: mergeField,
        find: "return result.setLocal === undefined ? result : {};",
        replace: "return result;",
      },
    ],
  },
  {
    id: "direction-never",
    about: "A field that is not synced travels neither way.",
    patches: [
      {
        file: mergeField,
        find: 'if (input.frozen || rule.direction === "never") return {};',
        replace: "if (input.frozen) return {};",
      },
    ],
  },
];
