import assert from "node:assert/strict";
import { type FailureClass, ProviderError } from "@backref/core/provider";
import type { ProviderContext } from "./context.ts";

const documented = "core/provider/provider.ts: methods throw ProviderErrors only";

/** A thrown value in a form for messages. */
export function describeThrown(error: unknown): string {
  if (ProviderError.isInstance(error)) return `ProviderError ${error.failure} (${error.status ?? "no status"})`;
  return error instanceof Error ? `${error.name} "${error.message}"` : `the value ${String(error)}`;
}

/** Asserts that a thrown value is a complete `ProviderError` of this provider. */
export function assertProviderError(
  context: ProviderContext,
  error: unknown,
  what: string,
): asserts error is ProviderError {
  assert.ok(
    ProviderError.isInstance(error),
    `${what} threw ${describeThrown(error)}, no ProviderError (${documented})`,
  );
  assert.equal(error.providerId, context.provider.id, `${what}: the error's providerId`);
  assert.ok(error.operation, `${what}: the error names no operation`);
  assert.ok(error.message.trim() !== "", `${what}: the error has no message`);
}

/** The error that a call ends with, which has to be of one of these classes; all classes where none is given. */
export async function failureOf(
  context: ProviderContext,
  what: string,
  attempt: () => Promise<unknown>,
  ...classes: readonly FailureClass[]
): Promise<ProviderError> {
  let result: unknown;
  try {
    result = await attempt();
  } catch (error) {
    assertProviderError(context, error, what);
    const isExpected = classes.length === 0 || classes.includes(error.failure);
    assert.ok(isExpected, `${what} threw class "${error.failure}", expected "${classes.join('" or "')}"`);
    return error;
  }
  assert.fail(
    `${what} was expected to throw ${classes.join(" or ") || "a ProviderError"}, but gave ${JSON.stringify(result)}`,
  );
}
