/**
 * Every code a `BackrefError` can carry. Codes are stable within a major version; messages may improve.
 * Codes that begin with `tracker-` come from a provider, those with `storage-` from a storage.
 */
export const errorCodes = {
  "invalid-input": "An argument has the wrong shape; `issues` names each place.",
  "not-found": "No such record within the actor's reach.",
  "permission-denied": "The actor sees the record but may not do this to it.",
  "provider-unknown": "No provider of that id was given to createBackref.",
  "capability-missing": "The provider, or the source as configured, cannot do this.",
  "source-not-runnable": "The source is disabled or waits for new credentials.",
  "source-in-use": "Sync links depend on what would change; detach them first.",
  "target-missing": "The source has no target for this project, so a new issue has nowhere to go.",
  "container-required": "The key names no container and several are possible; `candidates` lists them.",
  "container-not-allowed": "The source is configured not to reach that container.",
  "issue-not-recognised": "The text is no key or URL of this source.",
  "issue-not-found": "The tracker knows no such issue, or hides it from this account.",
  "issue-already-linked": "Another defect is kept in step with that issue; a reference was made instead.",
  "link-detached": "The defect's link was detached; say whether to re-attach it or to create a new issue.",
  "mapping-invalid": "The mapping leaves a value without a counterpart or a way back.",
  "credentials-missing": "No stored credential, or no key to read it with.",
  "authorization-denied":
    "The tracker sent the browser back with an error instead of a code; `data.error` is its name.",
  "authorization-invalid": "The sign-in was not begun here by this user, took too long, or has ended already.",
  "transaction-unsupported": "The storage cannot join a host's transaction.",
  "installation-mismatch": "The stored data belongs to another installation; this one sends nothing.",
  closed: "This Backref instance was closed.",
  "tracker-unavailable": "The tracker did not answer or failed; it is tried again by itself.",
  "tracker-rate-limited": "The tracker asks to wait until `retryAfterMs` from now.",
  "tracker-ambiguous": "The request went out and no answer came back; it may have taken effect.",
  "tracker-rejected": "The tracker refused the content; `field` says which part where it told.",
  "tracker-unauthorized": "The tracker no longer accepts the credential.",
  "tracker-forbidden": "The credential is good but not allowed to do this.",
  "tracker-gone": "The item is deleted, moved or out of reach.",
  "tracker-unexpected": "The answer is not what the tracker's API promises (a sign-in page, for example).",
  "storage-unavailable": "The storage did not answer; nothing is known to have changed.",
  "storage-conflict": "Another writer was faster, again and again; try once more.",
  "storage-version": "The stored data belongs to another version of Backref.",
  "storage-permission": "The storage's account lacks a right that it needs.",
} as const;

/** One of `errorCodes`. */
export type BackrefErrorCode = keyof typeof errorCodes;
