import { causesOf } from "./causes.ts";
import { classifyFailure, type FailureVerdict } from "./classify-failure.ts";
import { findTransportFailure, type TransportFailure } from "./transport-failure.ts";

/** A request that ended without a usable answer. */
export interface ThrownRequest {
  /** The tracker's name, for the message. */
  readonly tracker: string;
  /** It may have changed something. A query sent by POST is no write. */
  readonly isWrite: boolean;
  readonly error: unknown;
  /** Wall clock in epoch milliseconds. */
  readonly nowMs: number;
}

/** What a `ProviderError` is made of. */
export interface ThrownReport extends FailureVerdict {
  readonly message: string;
  /** Status of an answer that could not be used; absent where none came. */
  readonly status: number | undefined;
  /** The reason without the client's own error around it, which holds the whole request and so what must not be logged. */
  readonly cause: unknown;
}

/** What a thrown error says of the request, the same for all trackers: its class, its reason in words and what to check. */
export function reportThrown(request: ThrownRequest): ThrownReport {
  const { tracker, isWrite, error, nowMs } = request;
  const transport = findTransportFailure(error);
  const innermost = [...causesOf(error)].findLast((entry) => entry instanceof Error);
  const reason = transport?.message ?? innermost?.message ?? "no answer";
  return {
    ...classifyFailure({ isWrite, error, nowMs }),
    message: `${tracker} could not be asked: ${reason}${remedy(tracker, transport)}`,
    status: transport?.status,
    cause: transport ?? innermost ?? error,
  };
}

function remedy(tracker: string, transport: TransportFailure | null): string {
  switch (transport?.kind) {
    case "redirect":
      return " It was renamed or moved, or the base URL is not the API's address; use the new name.";
    case "not-json":
      return ` A sign-in page or a proxy answers in ${tracker}'s place: check the base URL and the credential.`;
    default:
      return "";
  }
}
