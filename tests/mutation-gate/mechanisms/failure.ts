import type { Mechanism } from "../mechanism.ts";

const failure = "packages/core/src/engine/failure.ts";
const workWrites = "packages/storage-memory/src/work-writes.ts";

/** Whom a failure concerns, and when the work goes on. */
export const failureMechanisms: readonly Mechanism[] = [
  {
    id: "auth-stops-source",
    about: "A credential that the tracker does not accept any more stops the whole source until there is another.",
    patches: [
      {
        file: failure,
        find: 'return { failure: describe(null), attempts, nextAfterMs: 0, source: "reconnect" };',
        replace: "return later();",
      },
    ],
  },
  {
    id: "forbidden-probes",
    about: "After a 403 the connection is probed, which tells a lost credential from a forbidden issue.",
    patches: [
      {
        file: failure,
        find: 'nextAfterMs: null, source: "probe" };',
        replace: 'nextAfterMs: null, source: "none" };',
      },
    ],
  },
  {
    id: "forbidden-spares-source",
    about: "A 403 stops one link and leaves the others of its source alone.",
    patches: [
      {
        file: failure,
        find: 'nextAfterMs: null, source: "probe" };',
        replace: 'nextAfterMs: null, source: "reconnect" };',
      },
    ],
  },
  {
    id: "rate-limit-blocks-budget",
    about: "A rate limit makes everything wait that shares the credential.",
    patches: [
      {
        file: failure,
        find: 'const source = isUnsent(error) ? "none" : "wait";',
        replace: 'const source = "none";',
      },
    ],
  },
  {
    id: "budget-shared",
    about: "Sources that share a credential share its budget.",
    patches: [
      {
        file: "packages/core/src/services/sources/source-rows.ts",
        find: "fingerprint === null ? sourceId : fingerprint(credential)",
        replace: "sourceId",
      },
    ],
  },
  {
    id: "block-never-shortens",
    about: "A short wait that is told late does not end a long one.",
    patches: [
      {
        file: workWrites,
        find: "if (before !== undefined && before.blockedUntil >= blockedUntil) return;",
        replace: "",
      },
    ],
  },
  {
    id: "retry-backoff",
    about: "Attempts that fail come further and further apart.",
    patches: [
      { file: failure, find: "const nextAfterMs = backoffMs(runtime, next);", replace: "const nextAfterMs = 0;" },
    ],
  },
  {
    id: "attempts-limited",
    about: "After enough failed attempts a link waits for a person or an edit.",
    patches: [
      {
        file: failure,
        find: "if (next >= runtime.limits.maxAttempts) {",
        replace: "if (next >= Number.POSITIVE_INFINITY) {",
      },
    ],
  },
  {
    id: "attempts-reset-by-success",
    about: "A pass that ends well forgets the failed attempts before it.",
    patches: [
      {
        file: "packages/core/src/engine/reconcile-link.ts",
        find: "failure,\n    attempts: 0,",
        replace: "failure,",
      },
    ],
  },
  {
    id: "attempts-reset-by-edit",
    about: "A new edit starts afresh, whatever failed before it.",
    patches: [
      {
        file: workWrites,
        find: "write.reset === true ? { attempts: 0, failure: null } : {}",
        replace: "{}",
      },
    ],
  },
  {
    id: "health-of-credential",
    about: "News about a credential that was replaced meanwhile does not stop the source.",
    patches: [
      {
        file: "packages/core/src/engine/source-health.ts",
        find: "match: { credentialVersion: source.credentialVersion, health: source.health },",
        replace: "match: { health: source.health },",
      },
    ],
  },
  {
    id: "recovery-waits-for-link",
    about: "A source that a link's read degraded is not declared well by a poll before that link was read.",
    patches: [
      {
        file: "packages/core/src/engine/source-recovery.ts",
        find: "if (isProven && unread.length === 0)",
        replace: "if (isProven)",
      },
    ],
  },
  {
    id: "account-of-credential",
    about: "The account behind a credential is not kept for the next credential.",
    patches: [
      {
        file: "packages/core/src/engine/pass-services.ts",
        find: 'require: [{ table: "source", id: source.id, match: { credentialVersion: source.credentialVersion } }],',
        replace: "",
      },
    ],
  },
];
