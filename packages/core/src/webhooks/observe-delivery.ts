import { logEvent, loggedError } from "../runtime/log-event.ts";
import type { Runtime } from "../runtime/runtime.ts";

/** What is known of a delivery by now. */
export interface DeliveryFacts {
  /** Id of the provider; null as long as nobody knows whose delivery it is. */
  provider: string | null;
  outcome: "stored" | "known" | "ignored" | "refused" | "not-stored";
}

/**
 * Takes a delivery and tells how it went.
 * @param answerTo what the sender is told of an error
 */
export function observeDelivery(
  runtime: Runtime,
  take: (facts: DeliveryFacts) => Promise<Response>,
  answerTo: () => Response,
): Promise<Response> {
  return runtime.telemetry.span({ name: "backref.webhook" }, async (span) => {
    const facts: DeliveryFacts = { provider: null, outcome: "refused" };
    const measure = (status: number) => {
      const { outcome, provider } = facts;
      const measured = { "backref.outcome": outcome, ...(provider === null ? {} : { "backref.provider": provider }) };
      span.set({ ...measured, "http.response.status_code": status });
      runtime.telemetry.measure("backref.deliveries", 1, measured);
    };
    try {
      const response = await take(facts);
      const { outcome } = facts;
      measure(response.status);
      if (outcome === "refused") {
        logEvent(runtime, "delivery-refused", {
          outcome,
          status: response.status,
          reason: await response.clone().text(),
        });
      }
      return response;
    } catch (error) {
      const { code, reason } = loggedError(error);
      const response = answerTo();
      const { status } = response;
      facts.outcome = "not-stored";
      measure(status);
      span.fail(code);
      logEvent(runtime, "delivery-not-stored", { outcome: facts.outcome, status, code, reason });
      return response;
    }
  });
}
