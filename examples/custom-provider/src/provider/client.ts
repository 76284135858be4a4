import { type ProviderCall, ProviderError } from "@backref/core/provider";
import {
  classifyFailure,
  createTransport,
  findProviderError,
  parseShape,
  reportThrown,
  UnexpectedShape,
} from "@backref/provider-kit";
import { z } from "zod";
import type { NookAuth, NookOptions } from "./forms.ts";

export type NookCall = ProviderCall<NookAuth, NookOptions>;

export interface Asked {
  /** For example `issue.create`. */
  readonly operation: string;
  readonly method?: "GET" | "POST" | "PATCH";
  /** Below `/api`. */
  readonly path: string;
  readonly body?: object;
  readonly ifMatch?: number | null;
}

const refusalShape = z.object({ error: z.string(), field: z.string().optional() });

/** Sends one request, once, and reads its answer. Throws `ProviderError`s only. */
export async function ask<Value>(
  call: NookCall,
  asked: Asked,
  schema: z.ZodType<Value>,
): Promise<{ readonly value: Value; readonly status: number }> {
  const { operation, method = "GET", path, body, ifMatch = null } = asked;
  const isWrite = method !== "GET";
  const send = createTransport(call);
  const error = (details: Omit<ConstructorParameters<typeof ProviderError>[0], "providerId" | "operation">) =>
    new ProviderError({ providerId: "nook", operation, ...details });
  let response: Response;
  try {
    response = await send(`${call.baseUrl}/api${path}`, {
      method,
      headers: {
        "x-nook-token": call.auth.token,
        ...(body !== undefined && { "content-type": "application/json" }),
        ...(ifMatch !== null && { "if-match": String(ifMatch) }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  } catch (thrown) {
    const nowMs = call.clock.now();
    throw findProviderError(thrown) ?? error(reportThrown({ tracker: "Nook", isWrite, error: thrown, nowMs }));
  }
  const { status, headers } = response;
  const data: unknown = await response.json().catch(() => undefined);
  if (!response.ok) {
    const told = refusalShape.safeParse(data).data;
    throw error({
      ...classifyFailure({ isWrite, status, headers, nowMs: call.clock.now() }),
      status,
      field: told?.field,
      message: `Nook answered ${status}${told === undefined ? "" : `: ${told.error}`}`,
    });
  }
  try {
    return { value: parseShape(schema, data, "answer"), status };
  } catch (thrown) {
    if (!(thrown instanceof UnexpectedShape)) throw thrown;
    const message = `Nook's answer is not what its API promises: ${thrown.message}`;
    throw error({ failure: isWrite ? "ambiguous" : "permanent", code: "tracker-unexpected", message });
  }
}

/** True for an error of one of these statuses. */
export function hasStatus(error: unknown, ...statuses: readonly number[]): error is ProviderError {
  return ProviderError.isInstance(error) && statuses.includes(error.status ?? 0);
}
