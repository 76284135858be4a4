import { BackrefError } from "../errors/backref-error.ts";
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
 * @param answerTo what an error of ours means for the sender; any other is thrown on
 */
export function observeDelivery(
  runtime: Runtime,
  take: (facts: DeliveryFacts) => Promise<Response>,
  answerTo: (error: BackrefError) => Response,
): Promise<Response> {
  return runtime.telemetry.span({ name: "backref.webhook" }, async (span) => {
    const facts: DeliveryFacts = { provider: null, outcome: "refused" };
    const told = (status: number, code: string, reason: string | null) => {
      const { outcome, provider } = facts;
      const measured = { "backref.outcome": outcome, ...(provider === null ? {} : { "backref.provider": provider }) };
      span.set({ ...measured, "http.response.status_code": status });
      runtime.telemetry.measure("backref.deliveries", 1, measured);
      if (outcome === "refused") logEvent(runtime, "delivery-refused", { outcome, status, reason });
      if (outcome !== "not-stored") return;
      span.fail(code);
      logEvent(runtime, "delivery-not-stored", { outcome, status, code, reason });
    };
    try {
      const response = await take(facts);
      told(response.status, "webhook-rejected", facts.outcome === "refused" ? await response.clone().text() : null);
      return response;
    } catch (error) {
      const { code, reason } = loggedError(error);
      const response = BackrefError.isInstance(error) ? answerTo(error) : null;
      facts.outcome = response !== null && response.status < 500 ? "refused" : "not-stored";
      told(response?.status ?? 500, code, reason);
      if (response === null) throw error;
      return response;
    }
  });
}
