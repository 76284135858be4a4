import { checkProviders } from "./check-providers.ts";
import { checkVocabulary } from "./check-vocabulary.ts";
import { leaseReserveMs } from "./engine/send-by.ts";
import { hostId } from "./input/parse-input.ts";
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

/** What is wrong with an option of another kind, with the slip that is likeliest. */
function wrongKind(name: string, kind: string, value: unknown): TypeError {
  const article = kind === "object" ? "an" : "a";
  const slip =
    kind === "object" && typeof value === "function"
      ? `; it is a function${value.name === "" ? "" : `, ${value.name}`}: should it be called?`
      : `, not ${value === null ? "null" : `of the kind ${kindOf(value)}`}.`;
  return new TypeError(`createBackref: ${name} must be ${article} ${kind}${slip}`);
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
    const isTime = name.endsWith("Ms");
    const least = isTime ? 0 : 1;
    if (!isCount || value < least || !(isTime || Number.isSafeInteger(value))) {
      throw new TypeError(
        `createBackref: limits.${name} must be a ${isTime ? "number of milliseconds," : "whole number,"} at least ${least}.`,
      );
    }
  }
  const leaseMs = limits["leaseMs"];
  if (typeof leaseMs === "number" && leaseMs <= leaseReserveMs) {
    throw new TypeError(
      `createBackref: limits.leaseMs must be more than ${leaseReserveMs}. Nothing is sent in the last ${leaseReserveMs} ms of a lease.`,
    );
  }
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
    if (value !== undefined && kindOf(value) !== kind) throw wrongKind(name, kind, value);
    if (value instanceof Promise) throw new TypeError(`createBackref: ${name} is a promise; await it first.`);
  }
  for (const [name, needed] of Object.entries(methods)) {
    const value = given[name] as Readonly<Record<string, unknown>> | undefined;
    const missing = value === undefined ? undefined : needed.find((method) => typeof value[method] !== "function");
    if (missing !== undefined) throw new TypeError(`createBackref: ${name} has no method "${missing}".`);
  }
  checkProviders(given["providers"] as readonly unknown[]);
  if (given["installationId"] !== undefined && !hostId.safeParse(given["installationId"]).success) {
    throw new TypeError("createBackref: installationId must have 1 to 255 characters, and no NUL among them.");
  }
  if (given["proxy"] !== undefined && given["fetch"] !== undefined) {
    throw new TypeError(
      "createBackref: give `proxy` or a `fetch` of your own; wrap createOutgoingFetch({ proxy }) to have both.",
    );
  }
  if (given["limits"] !== undefined) checkLimits(given["limits"] as Readonly<Record<string, unknown>>);
  if (given["vocabulary"] !== undefined) checkVocabulary(given["vocabulary"] as Readonly<Record<string, unknown>>);
}
