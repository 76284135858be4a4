import type { Mechanism } from "../mechanism.ts";

const mergeMember = "packages/core/src/merge/merge-member.ts";
const assigneeCodec = "packages/core/src/mapping/assignee-codec.ts";
const planFields = "packages/core/src/engine/plan-fields.ts";

/** One assignee here, among several there, known by accounts that somebody has paired. */
export const assigneeMechanisms: readonly Mechanism[] = [
  {
    id: "assignee-others-kept",
    about: "Whoever does not count stays assigned when another one takes the place of who does.",
    patches: [
      { file: assigneeCodec, find: "return several ? [...rest, account] : [account];", replace: "return [account];" },
    ],
  },
  {
    id: "assignee-agreed-counts",
    about: "Whoever both sides agreed on counts as long as they are assigned, whoever else is.",
    patches: [
      { file: assigneeCodec, find: "if (agreed !== null && all.includes(agreed)) return agreed;", replace: "" },
    ],
  },
  {
    id: "assignee-stranger-changes-nothing",
    about: "An account of which nobody has said whose it is takes no assignee from the defect.",
    patches: [
      {
        file: assigneeCodec,
        find: "if (added.length > 0) return undefined;",
        replace: "if (added.length > 0) return null;",
      },
    ],
  },
  {
    id: "assignee-others-seen",
    about: "Those who came or went beside the one who counts are part of the base, or they would come in later.",
    patches: [
      {
        file: mergeMember,
        find: "...(isNews && next !== undefined ? { base: { local: next, remote } } : {}),",
        replace: "...(agreed !== undefined && next !== undefined ? { base: { local: next, remote } } : {}),",
      },
    ],
  },
  {
    id: "assignee-come-back-is-a-change",
    about: "Whoever was agreed on without being assigned, and is assigned now, is a change of the tracker's side.",
    patches: [{ file: mergeMember, find: "remote: hasCome ? elsewhere : local", replace: "remote: local" }],
  },
  {
    id: "assignee-stranger-replaced-recorded",
    about: "An unknown account that has to give way to a change of the defect at the same time is written down.",
    patches: [{ file: mergeMember, find: "...(replaced ? { conflict } : {})", replace: "" }],
  },
  {
    id: "assignee-switched-on-quietly",
    about: "Assignees begin to travel with the next change of one, not with those that are there already.",
    patches: [
      {
        file: planFields,
        find: "return isNewToLink ? { local, remote } : undefined;",
        replace: "return undefined;",
      },
    ],
  },
  {
    id: "assignee-without-account-refused",
    about: "A defect's assignee without an account is told on its link, and holds up nothing else.",
    patches: [
      { file: planFields, find: "unplaced.push(refusal(work, field, local, unmappedPerson(local)));", replace: "{}" },
    ],
  },
  {
    id: "assignee-half-taken",
    about: "Of a set that was only half written, what was done is agreed on and what was not is still to be sent.",
    patches: [
      {
        file: "packages/core/src/engine/judge-member.ts",
        find: "base: { local: isStill ? local : null, remote: done },\n    isRefused: true,",
        replace: "base: { local: push.local, remote: answered },\n    isRefused: false,",
      },
    ],
  },
  {
    id: "assignee-late-write-takes-place",
    about: "Where there is one assignee at most, a late write of ours took the place of whoever we had assigned since.",
    patches: [
      {
        file: "packages/core/src/merge/merge-field.ts",
        find: "codec.member?.isSingle === true ? [element.value] : [...elements, element.value];",
        replace: "[...elements, element.value];",
      },
    ],
  },
  {
    id: "assignee-taken-off-by-us",
    about:
      "Somebody whom our own unanswered write took off the issue does not count as agreed when they are assigned again.",
    patches: [
      {
        file: "packages/core/src/merge/merge-field.ts",
        find: "hasLeft && codec.sameLocal(local, base.local) ? null : base.local",
        replace: "base.local",
      },
    ],
  },
  {
    id: "assignee-left-out-by-us",
    about:
      "Whoever our own unanswered write left out does not count as agreed either while somebody else is assigned here.",
    patches: [
      {
        file: "packages/core/src/merge/merge-field.ts",
        find: "withoutLeaver(input, { base: absorbed, ...result })",
        replace: "{ base: absorbed, ...result }",
      },
    ],
  },
  {
    id: "assignee-room-for-one",
    about: "Where there is room for one assignee, another's coming does not show that our own removal has arrived.",
    patches: [
      {
        file: planFields,
        find: "if (codec.member?.isSingle === true) return codec.sameRemote(entry.value, remote);",
        replace: "",
      },
    ],
  },
  {
    id: "choice-outlives-mapping",
    about: "A person's choice of the tracker's side is not taken away by a change of the mapping.",
    patches: [
      {
        file: "packages/core/src/services/defects/link-changes.ts",
        find: "?? unlikeAny(remote), isApart: true };",
        replace: "?? unlikeAny(remote) };",
      },
    ],
  },
  {
    id: "assignee-begins-with-link",
    about:
      "On a link that never was in step, assignees are compared like everything else, whatever the mapping was before.",
    patches: [{ file: planFields, find: " && Object.keys(work.link.base).length > 0;", replace: ";" }],
  },
  {
    id: "assignee-choice-of-nobody",
    about: "A person's choice of nobody at the tracker is taken also where the assignee here has no account there.",
    patches: [
      {
        file: "packages/core/src/services/defects/link-changes.ts",
        find: "codec.toRemote(local) ?? unlikeAny(remote),",
        replace: "codec.toRemote(local) ?? (Array.isArray(remote) ? [] : null),",
      },
    ],
  },
  {
    id: "assignee-refusal-ends-with-account",
    about: "Whoever waited for an account is assigned as soon as somebody says whose it is.",
    patches: [
      {
        file: "packages/core/src/engine/refusals.ts",
        find: 'return field === "assignee" ? pass.session.source.mappingVersion : link.mappingVersion;',
        replace: "return link.mappingVersion;",
      },
    ],
  },
  {
    id: "identities-are-mapping",
    about:
      "A change of who is who is a new version of the source's mapping, so that no process works with the old one.",
    patches: [
      {
        file: "packages/core/src/services/people/change-identities.ts",
        find: "mappingVersion: source.mappingVersion + 1,",
        replace: "mappingVersion: source.mappingVersion,",
      },
    ],
  },
];
