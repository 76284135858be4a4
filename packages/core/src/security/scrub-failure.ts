import { type FailureClass, ProviderError } from "../errors/index.ts";
import { cleanText } from "../runtime/clean-text.ts";
import { redactSecrets } from "./redact.ts";

const shortestSecret = 6;
const longestMessage = 1_000;

/** Every text inside a value, at any depth. */
export function textsIn(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

/** A text that may quote a tracker or a request, fit to be shown: without these secrets, and not endless. */
export function scrubText(text: string, secrets: readonly string[]): string {
  const found = secrets.filter((secret) => secret.length >= shortestSecret);
  const longestFirst = found.toSorted((one, other) => other.length - one.length);
  const clean = longestFirst.reduce((rest, secret) => rest.replaceAll(secret, "[redacted]"), text);
  return redactSecrets(cleanText(clean)).slice(0, longestMessage);
}

/**
 * A failure of a sign-in or a renewal as others may see it: what was sent there is nothing but secrets, so neither the cause
 * nor data come along. What is no `ProviderError` is a mistake in the provider, and nobody knows what it did.
 */
export function scrubFailure(
  error: unknown,
  about: {
    readonly providerId: string;
    readonly operation: string;
    readonly secrets: readonly string[];
    /** What a class stands for here. @default itself */
    readonly classOf?: (failure: FailureClass) => FailureClass;
  },
): ProviderError {
  const { providerId, operation, secrets, classOf = (failure) => failure } = about;
  if (!ProviderError.isInstance(error)) {
    const message = `The provider failed unexpectedly at ${operation}; nothing was stored.`;
    return new ProviderError({ providerId, operation, failure: "ambiguous", message });
  }
  const { status, retryAfterMs } = error;
  const failure = classOf(error.failure);
  const code = failure === error.failure ? { code: error.code } : {};
  const message = scrubText(error.message, secrets);
  return new ProviderError({
    providerId,
    operation: error.operation ?? operation,
    failure,
    message,
    status,
    retryAfterMs,
    ...code,
  });
}
