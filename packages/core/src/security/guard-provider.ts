import { inspect } from "node:util";
import type { JsonValue } from "../domain/json.ts";
import { BackrefError, ProviderError } from "../errors/index.ts";
import type { Logger } from "../ports/logger.ts";
import type { Provider } from "../provider/provider.ts";
import { scrubText, textsIn } from "./scrub-failure.ts";

type Method = (...given: unknown[]) => unknown;
type Named = Readonly<Record<string, unknown>>;

const isNamed = (value: unknown): value is Named =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Names of properties that a form marks as secrets, at any depth. */
function secretNames(schema: unknown): readonly string[] {
  if (Array.isArray(schema)) return schema.flatMap(secretNames);
  if (!isNamed(schema)) return [];
  return Object.entries(schema).flatMap(([name, value]) => [
    ...(isNamed(value) && value["writeOnly"] === true ? [name] : []),
    ...secretNames(value),
  ]);
}

/** Texts under these names, at any depth. */
function secretsUnder(names: ReadonlySet<string>, value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((item) => secretsUnder(names, item));
  if (!isNamed(value)) return [];
  return Object.entries(value).flatMap(([name, item]) => (names.has(name) ? textsIn(item) : secretsUnder(names, item)));
}

/** A text as it is, and as it stands in addresses and in JSON. */
function formsOf(secret: string): readonly string[] {
  return [...new Set([secret, encodeURIComponent(secret.toWellFormed()), JSON.stringify(secret).slice(1, -1)])];
}

const shortestSecret = 6;
const longestField = 255;
const longestMessage = 4_000;

/** Trackers say how long their own words are. */
function isEndless(error: unknown): boolean {
  const { message = "", field = "" } = (error ?? {}) as { readonly message?: string; readonly field?: string };
  return message.length > longestMessage || field.length > longestField;
}

/** What this call must not tell anybody: what the forms mark, keys line by line too, and secrets that are given beside. */
function secretsOf(names: ReadonlySet<string>, [call, request]: readonly unknown[]): readonly string[] {
  const { auth, options } = isNamed(call) ? call : {};
  const beside = isNamed(request) ? [request["secret"], request["codeVerifier"]] : [];
  const secrets = [...secretsUnder(names, auth), ...secretsUnder(names, options), ...textsIn(beside)];
  const parts = secrets.flatMap((secret) => [secret, ...secret.split(/\s*\n\s*/).filter((line) => line.length > 40)]);
  return parts.filter((secret) => secret.length >= shortestSecret).flatMap(formsOf);
}

function shows(value: unknown, secrets: readonly string[]): boolean {
  if (secrets.length === 0) return false;
  const text = inspect(value, { depth: 8, maxStringLength: null, maxArrayLength: null, showHidden: true });
  return secrets.some((secret) => text.includes(secret));
}

/** The same failure without what must not be told: its message scrubbed, and neither cause nor data. */
function withoutSecrets(error: unknown, secrets: readonly string[]): unknown {
  const message = scrubText(error instanceof Error ? error.message : String(error), secrets);
  if (ProviderError.isInstance(error)) {
    const { providerId = "", operation = "", failure, code, status, retryAfterMs } = error;
    const field = error.field === undefined ? undefined : scrubText(error.field, secrets).slice(0, longestField);
    return new ProviderError({ providerId, operation, failure, code, status, retryAfterMs, field, message });
  }
  if (BackrefError.isInstance(error)) {
    const { code, providerId, operation, status, isRetryable } = error;
    return new BackrefError({ code, providerId, operation, status, isRetryable, message });
  }
  return new Error(message);
}

function scrubData(value: JsonValue, secrets: readonly string[]): JsonValue {
  if (typeof value === "string") return scrubText(value, secrets);
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item: JsonValue) => scrubData(item, secrets));
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, scrubData(item, secrets)]));
}

function guardedLogger(logger: Logger, secrets: readonly string[]): Logger {
  return {
    log(level, message, data) {
      const clean = data === undefined ? undefined : (scrubData(data as JsonValue, secrets) as typeof data);
      logger.log(level, scrubText(message, secrets), clean);
    },
  };
}

/** A report in words may quote the tracker; issues and comments are what people wrote, and stay that. */
function withoutQuotes(answer: unknown, secrets: readonly string[]): unknown {
  if (!isNamed(answer) || !Array.isArray(answer["problems"]) || !shows(answer["problems"], secrets)) return answer;
  return { ...answer, problems: scrubData(answer["problems"] as JsonValue, secrets) };
}

/**
 * A provider that tells nobody the credential it was called with: not in an error, whatever the tracker repeated in its
 * answer and whatever hangs on the error's causes, not in a log, and not in a report.
 */
export function guardProvider(provider: Provider): Provider {
  let known: ReadonlySet<string> | null = null;
  const names = () => {
    if (known !== null) return known;
    const { auth, options } = provider.describe();
    known = new Set([...secretNames(auth.schema), ...secretNames(options.schema)]);
    return known;
  };
  const guardMethod = (method: Method, group: object): Method => {
    return (...given) => {
      const secrets = secretsOf(names(), given);
      const [call, ...rest] = given;
      const isCall = isNamed(call) && isNamed(call["logger"]) && "fetch" in call;
      const first = isCall ? { ...call, logger: guardedLogger(call["logger"] as unknown as Logger, secrets) } : call;
      const refuse = (error: unknown): never => {
        throw isEndless(error) || shows(error, secrets) ? withoutSecrets(error, secrets) : error;
      };
      try {
        const answer = Reflect.apply(method, group, given.length === 0 ? [] : [first, ...rest]);
        return answer instanceof Promise
          ? answer.then((value: unknown) => withoutQuotes(value, secrets), refuse)
          : answer;
      } catch (error) {
        return refuse(error);
      }
    };
  };
  const guardGroup = (group: object): object =>
    new Proxy(group, {
      get(object, name) {
        const member: unknown = Reflect.get(object, name, object);
        return typeof member === "function" ? guardMethod(member as Method, object) : member;
      },
    });
  return new Proxy(provider, {
    get(object, name) {
      const member: unknown = Reflect.get(object, name, object);
      if (typeof member === "function") return member.bind(object);
      return typeof member === "object" && member !== null ? guardGroup(member) : member;
    },
  });
}
