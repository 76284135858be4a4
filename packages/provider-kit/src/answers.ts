import type { Clock } from "@backref/core/provider";
import type { Operation } from "./operation.ts";
import type { ProviderErrors } from "./provider-errors.ts";
import { UnexpectedShape } from "./shapes.ts";

/** A whole answer, of any status. */
export interface TrackerAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** What is no JSON stays text; a body without content is `undefined`. */
  readonly data: unknown;
}

/** Sends one request and reads its whole answer, whatever the status. Throws `ProviderError`s only. */
export async function readAnswer(
  { errors, clock }: { readonly errors: ProviderErrors; readonly clock: Pick<Clock, "now"> },
  operation: Operation,
  send: () => Promise<Response>,
): Promise<TrackerAnswer> {
  try {
    const response = await send();
    const text = await response.text();
    return { status: response.status, headers: response.headers, data: parse(text) };
  } catch (error) {
    throw errors.fromThrown(operation, error, clock.now());
  }
}

function parse(text: string): unknown {
  if (text === "") return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** Maps an answer's content, and tells a wrong shape as a `ProviderError`. Content that stayed text was torn on its way. */
export function mapAnswer<Value>(
  errors: ProviderErrors,
  operation: Pick<Operation, "name" | "isWrite">,
  data: unknown,
  map: (data: unknown) => Value,
): Value {
  try {
    return map(data);
  } catch (error) {
    if (!(error instanceof UnexpectedShape)) throw error;
    throw errors.unexpectedAnswer(operation, error.message, typeof data === "string");
  }
}
