import { leaseReserveMs } from "./engine/send-by.ts";
import { defaultLimits } from "./runtime/limits.ts";

/** Every option there is; a misspelt one would otherwise be silently without effect. */
const kinds = {
  storage: "object",
  providers: "list",
  secretKeys: "list",
  credentials: "object",
  vocabulary: "object",
  mapping: "object",
  defectStore: "object",
  limits: "object",
  appWebhooks: "object",
  clock: "object",
  scheduler: "object",
  random: "object",
  logger: "object",
  telemetry: "object",
  fetch: "function",
  policy: "function",
  defectUrl: "function",
  attachments: "object",
  attachmentUrl: "function",
  allowPrivateAddresses: "boolean",
  proxy: "string",
  installationId: "string",
} as const;

const methods = {
  storage: ["find", "commit", "migrate", "close"],
  credentials: ["read", "write"],
  defectStore: ["read", "readComments", "apply"],
  clock: ["now", "monotonic"],
  scheduler: ["sleep"],
  random: ["bytes"],
  attachments: ["open"],
  logger: ["log"],
  telemetry: ["span", "current", "measure"],
} as const;

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return "list";
  return value === null ? "null" : typeof value;
}

function checkLimits(limits: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(limits)) {
    if (!Object.hasOwn(defaultLimits, name)) {
      throw new TypeError(
        `createBackref: limits has no "${name}". There are: ${Object.keys(defaultLimits).join(", ")}.`,
      );
    }
    if (value === undefined) continue;
    if (name === "createInDoubt") {
      if (value === "recreate" || value === "wait") continue;
      throw new TypeError('createBackref: limits.createInDoubt must be "recreate" or "wait".');
    }
    if (name === "bulkGuardChanges" && value === null) continue;
    const isCount = typeof value === "number" && Number.isFinite(value) && value >= 0;
    const least = name.endsWith("Ms") ? 0 : 1;
    if (!isCount || value < least)
      throw new TypeError(`createBackref: limits.${name} must be a number of at least ${least}.`);
  }
  const leaseMs = limits["leaseMs"];
  if (typeof leaseMs === "number" && leaseMs <= leaseReserveMs) {
    throw new TypeError(
      `createBackref: limits.leaseMs must be more than ${leaseReserveMs}. Nothing is sent in the last ${leaseReserveMs} ms of a lease.`,
    );
  }
}

function checkVocabulary(vocabulary: Readonly<Record<string, unknown>>): void {
  const { statuses, priorities } = vocabulary;
  if (!Array.isArray(statuses) || statuses.length === 0) {
    throw new TypeError("createBackref: vocabulary.statuses needs at least one { id, category }.");
  }
  if (!Array.isArray(priorities))
    throw new TypeError("createBackref: vocabulary.priorities must be a list, most urgent first.");
}

/** @throws TypeError for options that can never work, naming the option */
export function checkOptions(options: unknown): void {
  if (kindOf(options) !== "object") throw new TypeError("createBackref needs options: { storage, providers, … }.");
  const given = options as Readonly<Record<string, unknown>>;
  for (const name of ["storage", "providers"]) {
    if (given[name] === undefined) throw new TypeError(`createBackref: the option "${name}" is missing.`);
  }
  for (const [name, value] of Object.entries(given)) {
    if (!Object.hasOwn(kinds, name)) {
      throw new TypeError(`createBackref has no option "${name}". There are: ${Object.keys(kinds).join(", ")}.`);
    }
    const kind = kinds[name as keyof typeof kinds];
    if (value !== undefined && kindOf(value) !== kind) throw new TypeError(`createBackref: ${name} must be a ${kind}.`);
  }
  for (const [name, needed] of Object.entries(methods)) {
    const value = given[name] as Readonly<Record<string, unknown>> | undefined;
    const missing = value === undefined ? undefined : needed.find((method) => typeof value[method] !== "function");
    if (missing !== undefined) throw new TypeError(`createBackref: ${name} has no method "${missing}".`);
  }
  if (given["installationId"] === "") throw new TypeError("createBackref: installationId must not be empty.");
  if (given["proxy"] !== undefined && given["fetch"] !== undefined) {
    throw new TypeError(
      "createBackref: give `proxy` or a `fetch` of your own; wrap createOutgoingFetch({ proxy }) to have both.",
    );
  }
  if (given["limits"] !== undefined) checkLimits(given["limits"] as Readonly<Record<string, unknown>>);
  if (given["vocabulary"] !== undefined) checkVocabulary(given["vocabulary"] as Readonly<Record<string, unknown>>);
}
