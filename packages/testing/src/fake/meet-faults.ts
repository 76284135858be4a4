import type { Fault } from "./faults.ts";
import { ConnectionLost } from "./incoming.ts";
import { signInPage } from "./response.ts";

/** What can become of a request that meets a fault. */
export interface Outcomes {
  /** Does the work and answers; without some members of the body, or as of an earlier moment. */
  answer(change?: { readonly without?: readonly string[]; readonly agoMs?: number }): Promise<Response>;
  /** An error of the tracker's own, without the work. */
  status(status: number): Response;
  /** The tracker's refusal that the fault stands for. */
  refuse(fault: Fault): Response;
  /** Headers by which the tracker asks to wait after an answer of success. @default `Retry-After` alone */
  slowDown?(retryAfterSeconds: number): Readonly<Record<string, string>>;
  /** Does the work later, when nobody waits for the answer any more. */
  later(ms: number): void;
  delay(ms: number): Promise<void>;
}

/** Answers a request with whatever faults were put in its way, or throws `ConnectionLost`. */
export async function meetFaults(faults: readonly Fault[], outcomes: Outcomes): Promise<Response> {
  for (const fault of faults) if (fault.kind === "delay") await outcomes.delay(fault.ms);
  const fault = faults.find((candidate) => candidate.kind !== "delay");
  switch (fault?.kind) {
    case undefined:
      return outcomes.answer();
    case "refuse":
      throw new ConnectionLost("ECONNREFUSED");
    case "lost-before":
      throw new ConnectionLost("ECONNRESET");
    case "late":
      outcomes.later(fault.ms);
      throw new ConnectionLost("ECONNRESET");
    case "lost-after":
      await outcomes.answer();
      throw new ConnectionLost("ECONNRESET");
    case "status-before":
      return outcomes.status(fault.status);
    case "status-after":
      await outcomes.answer();
      return outcomes.status(fault.status);
    case "html":
      return new Response(signInPage, { status: 200, headers: { "content-type": "text/html; charset=utf-8" } });
    case "drop-fields":
      return outcomes.answer({ without: fault.fields });
    case "stale":
      return outcomes.answer({ agoMs: fault.ms });
    case "slow-down": {
      const { retryAfterSeconds: seconds } = fault;
      const response = await outcomes.answer();
      const asked = outcomes.slowDown?.(seconds) ?? { "retry-after": String(seconds) };
      for (const [name, value] of Object.entries(asked)) response.headers.set(name, value);
      return response;
    }
    default:
      return outcomes.refuse(fault as Exclude<typeof fault, undefined>);
  }
}
