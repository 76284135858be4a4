import type { SeedChoice, TroubleKind } from "../../src/simulation/index.ts";

/** A history that once went wrong. */
export interface Regression extends SeedChoice {
  /** Numbers of the steps that take part. @default all */
  readonly keep?: readonly number[];
  /** Kinds of trouble that it does without. @default none */
  readonly without?: readonly TroubleKind[];
  /** What was wrong, in one sentence. */
  readonly about: string;
}

/** Histories that have to stay clean. A change of the plans makes other histories of these seeds, so prefer a test. */
export const regressions: readonly Regression[] = [
  {
    seed: 2249,
    profile: "host-store",
    tracker: "cas",
    keep: [
      0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 25, 26, 27, 28, 29, 30, 31, 34,
      35, 41, 44, 47,
    ],
    without: [
      "refused",
      "lostBefore",
      "late",
      "unavailable",
      "badGateway",
      "rateLimit",
      "drop",
      "labelRefused",
      "stale",
      "indexLag",
      "dropped",
      "forged",
      "clocks",
    ],
    about: "A host's value lost, the process died, a person put the value back, and no row kept the loser.",
  },
  {
    seed: 3013,
    profile: "host-store",
    tracker: "plain",
    about: "A value came in, the process died, a person took it back, and it came in once more without a row.",
  },
  {
    seed: 434,
    profile: "host-store",
    tracker: "plain",
    about: "A label was sent to an issue just attached, nobody answered, and it came back over a person's next choice.",
  },
  {
    seed: 4720,
    profile: "slow",
    tracker: "plain",
    about: "A process stood still during its second look, and wrote by what it had seen before.",
  },
  {
    seed: 9589,
    profile: "comments",
    tracker: "plain",
    about: "A comment was deleted at the tracker, and an internal one made up for it in the tracker's count.",
  },
  {
    seed: 2183,
    profile: "people",
    tracker: "plain",
    about: "A late write of an assignee took the place of the next one, and passed for a person's choice.",
  },
  {
    seed: 9213,
    profile: "doubt",
    tracker: "plain",
    about: "A look for a create in doubt met a lost container, and nobody looked again when it was back.",
  },
  {
    seed: 9791,
    profile: "people",
    tracker: "plain",
    about: "A link attached and paused took a new mapping for the moment from which assignees travel.",
  },
  {
    seed: 13871,
    profile: "people",
    tracker: "plain",
    about: "A person chose nobody at the tracker, and an assignee without an account stayed here.",
  },
  {
    seed: 12713,
    profile: "host-store",
    tracker: "plain",
    about: "What a second attempt knew to record was forgotten when it came to nothing as well.",
  },
  {
    seed: 13541,
    profile: "host-store",
    tracker: "cas",
    about: "A person wrote what was to come in, and passed for it when the next value came.",
  },
  {
    seed: 15239,
    profile: "people",
    tracker: "plain",
    about: "An assignee whom a lost write had taken off, and who was assigned again, counted as there.",
  },
  {
    seed: 20147,
    profile: "people",
    tracker: "cas",
    about: "The judge missed what had been delivered, taken back and given again before the answer.",
  },
  {
    seed: 22763,
    profile: "people",
    tracker: "cas",
    about: "A person chose the tracker's assignee, and an account named at the same time took the choice away.",
  },
  {
    seed: 29245,
    profile: "slow",
    tracker: "plain",
    about: "A process stood still during the last of three looks, and wrote by what it had seen before.",
  },
  {
    seed: 42615,
    profile: "limits",
    tracker: "plain",
    about: "The judge took what a late write had left of people's labels for a value that nobody wrote.",
  },
  {
    seed: 43031,
    profile: "people",
    tracker: "plain",
    about: "Another's coming took the one assignee off, and passed for our own removal, which was still on its way.",
  },
  {
    seed: 51335,
    profile: "people",
    tracker: "plain",
    about: "Whoever a lost write had taken off stayed agreed on while the next had no account, and counted as there.",
  },
  {
    seed: 57263,
    profile: "people",
    tracker: "plain",
    about: "Whoever a lost write had taken off was assigned here once more, and nobody was there.",
  },
  {
    seed: 57743,
    profile: "people",
    tracker: "plain",
    about: "A lost write took a stranger off, and whoever had stood beside the stranger here counted as there.",
  },
  {
    seed: 91982,
    profile: "poll-only",
    tracker: "plain",
    about: "A look came to nothing since the defect had moved, and an older copy was believed after it.",
  },
  {
    seed: 96402,
    profile: "several-links",
    tracker: "plain",
    about: "The judge did not know the block of a former link that had come in as text and gone on to another issue.",
  },
  {
    seed: 99397,
    profile: "slow",
    tracker: "plain",
    about:
      "An issue was looked for while its container was lost and the container when it was back, so it counted as gone.",
  },
];
