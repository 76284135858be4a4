/** Mechanisms whose removal nothing notices so far, and why. Each is a debt: it gets a scenario, or it goes. */
export const unnoticed: Readonly<Record<string, string>> = {
  "create-strict": "No simulated host waits for a person.",
  "create-own-account": "The simulated trackers filter by account themselves, as the contract asks.",
  "create-not-before-intent": "The simulated people copy issues after the intent only.",
  "create-lowest-candidate": "The simulated trackers answer with one candidate only.",
  "create-copies-reported": "Only an entry of the activity log differs.",
  "reused-key-keeps-its-row":
    "Not missed in 200 histories of the profiles that fit it best: it waits for a scenario of its own.",
  "delivery-before-issue": "A poll finds what it finds, a minute later.",
  "detach-honoured":
    "Not missed in 200 histories of the profiles that fit it best: it waits for a scenario of its own.",
  "edit-and-mark-together":
    "Not missed in 200 histories of the profiles that fit it best: it waits for a scenario of its own.",
  "failure-keeps-checks":
    "Not missed in 200 histories of the profiles that fit it best: it waits for a scenario of its own.",
  "due-is-not-synced": "The judge reads statuses at rest only.",
  "doubt-is-told": "The judge reads statuses at rest only.",
  "precondition-looks-again": "By contract a precondition that fails is `gone`, and that is looked at again anyway.",
  "missing-after-create":
    "Not missed in 200 histories of the profiles that fit it best: it waits for a scenario of its own.",
  "moved-item-own-versions": "Without it a moved issue is believed once the grace period is over.",
  "direction-never":
    "Not missed in 200 histories of the profiles that fit it best: it waits for a scenario of its own.",
  "journal-ends-with-answer": "It shows only where a person sets our own value again within the grace period.",
  "journal-ends-when-shown": "It shows only where a person sets our own value again within the grace period.",
  "journal-ends-with-version": "It shows only where a person sets our own value again within the grace period.",
  "journal-per-element":
    "Not missed in 200 histories of the profiles that fit it best: it waits for a scenario of its own.",
  "answer-news": "Not missed in 200 histories of the profiles that fit it best: it waits for a scenario of its own.",
  "answer-replaced-recorded":
    "Not missed in 200 histories of the profiles that fit it best: it waits for a scenario of its own.",
  "refused-not-resent":
    "Not missed in 200 histories of the profiles that fit it best: it waits for a scenario of its own.",
  "refusal-ends-with-mapping":
    "Not missed in 200 histories of the profiles that fit it best: it waits for a scenario of its own.",
  "refusal-ends-with-credential":
    "Not missed in 200 histories of the profiles that fit it best: it waits for a scenario of its own.",
  "inbound-refusal-remembered": "No simulated host refuses a value.",
  "unmapped-local-told":
    "Not missed in 200 histories of the profiles that fit it best: it waits for a scenario of its own.",
  "refused-labels-not-sent":
    "Not missed in 200 histories of the profiles that fit it best: it waits for a scenario of its own.",
  "mapping-change-rebases":
    "Not missed in 200 histories of the profiles that fit it best: it waits for a scenario of its own.",
  "values-apart-compared":
    "Not missed in 200 histories of the profiles that fit it best: it waits for a scenario of its own.",
  "foreign-block-kept":
    "Not missed in 200 histories of the profiles that fit it best: it waits for a scenario of its own.",
  "inbound-moves-revision":
    "Not missed in 200 histories of the profiles that fit it best: it waits for a scenario of its own.",
  "base-needs-revision":
    "Not missed in 200 histories of the profiles that fit it best: it waits for a scenario of its own.",
  "host-inbound-edited-since":
    "Not missed in 200 histories of the profiles that fit it best: it waits for a scenario of its own.",
  "host-arrived-marks-siblings":
    "Not missed in 200 histories of the profiles that fit it best: it waits for a scenario of its own.",
  "host-comment-key":
    "Not missed in 200 histories of the profiles that fit it best: it waits for a scenario of its own.",
  "host-comment-loser-first":
    "Not missed in 200 histories of the profiles that fit it best: it waits for a scenario of its own.",
  "loop-breaker-spares-people":
    "Not missed in 200 histories of the profiles that fit it best: it waits for a scenario of its own.",
  "comment-by-our-account":
    "Not missed in 200 histories of the profiles that fit it best: it waits for a scenario of its own.",
  "comment-definite-answer": "Without it the grace period passes before the next attempt; nothing is lost.",
  "comment-forgotten-in-doubt":
    "Not missed in 200 histories of the profiles that fit it best: it waits for a scenario of its own.",
  "comment-deleted-never-posted":
    "Not missed in 200 histories of the profiles that fit it best: it waits for a scenario of its own.",
  "comment-block-cut-off":
    "Not missed in 200 histories of the profiles that fit it best: it waits for a scenario of its own.",
  "comment-count": "Not missed in 200 histories of the profiles that fit it best: it waits for a scenario of its own.",
  "comment-listed-before-edit":
    "Not missed in 200 histories of the profiles that fit it best: it waits for a scenario of its own.",
  "comment-remote-edit-wins":
    "Not missed in 200 histories of the profiles that fit it best: it waits for a scenario of its own.",
  "comment-agreed-looks-again":
    "Not missed in 200 histories of the profiles that fit it best: it waits for a scenario of its own.",
  "comment-seen-version":
    "Not missed in 200 histories of the profiles that fit it best: it waits for a scenario of its own.",
  "comment-doubted-looks-again":
    "Not missed in 200 histories of the profiles that fit it best: it waits for a scenario of its own.",
  "comment-suspicion-ends":
    "Not missed in 200 histories of the profiles that fit it best: it waits for a scenario of its own.",
  "comment-back-again":
    "Not missed in 200 histories of the profiles that fit it best: it waits for a scenario of its own.",
  "comment-origin-owns":
    "Not missed in 200 histories of the profiles that fit it best: it waits for a scenario of its own.",
  "token-routing": "What it routes is found by the next look for the create in doubt.",
  "echo-idle-only": "Not missed in 200 histories of the profiles that fit it best: it waits for a scenario of its own.",
  "deletion-hint-looked-at":
    "Not missed in 200 histories of the profiles that fit it best: it waits for a scenario of its own.",
  "marks-with-delivery":
    "Not missed in 200 histories of the profiles that fit it best: it waits for a scenario of its own.",
  "delivery-once": "Marks are idempotent: only the answer to the sender and the stored rows differ.",
  "poll-cursor-after-effects":
    "Not missed in 200 histories of the profiles that fit it best: it waits for a scenario of its own.",
  "defect-feed-cursor-after-marks":
    "Not missed in 200 histories of the profiles that fit it best: it waits for a scenario of its own.",
  "attached-container-polled":
    "Not missed in 200 histories of the profiles that fit it best: it waits for a scenario of its own.",
  "moved-place-polled":
    "Not missed in 200 histories of the profiles that fit it best: it waits for a scenario of its own.",
  "forbidden-probes":
    "Not missed in 200 histories of the profiles that fit it best: it waits for a scenario of its own.",
  "forbidden-spares-source":
    "Not missed in 200 histories of the profiles that fit it best: it waits for a scenario of its own.",
  "budget-shared": "No simulated host has two sources with one credential.",
  "block-never-shortens":
    "Not missed in 200 histories of the profiles that fit it best: it waits for a scenario of its own.",
  "attempts-limited":
    "Not missed in 200 histories of the profiles that fit it best: it waits for a scenario of its own.",
  "attempts-reset-by-success":
    "Not missed in 200 histories of the profiles that fit it best: it waits for a scenario of its own.",
  "attempts-reset-by-edit":
    "Not missed in 200 histories of the profiles that fit it best: it waits for a scenario of its own.",
  "health-of-credential":
    "Not missed in 200 histories of the profiles that fit it best: it waits for a scenario of its own.",
  "account-of-credential":
    "Not missed in 200 histories of the profiles that fit it best: it waits for a scenario of its own.",
};
