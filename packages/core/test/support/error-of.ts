import { BackrefError } from "../../src/index.ts";

/** The typed error that a call must end with. */
export async function errorOf(promise: Promise<unknown>): Promise<BackrefError> {
  const error = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!BackrefError.isInstance(error)) throw new TypeError(`Expected a BackrefError, got ${String(error)}`);
  return error;
}
