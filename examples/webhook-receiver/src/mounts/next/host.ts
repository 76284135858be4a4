import type { Host } from "../../host.ts";

/** Next loads modules more than once; what has to be there once per process is kept where that does not reach. */
const kept = globalThis as { webhookReceiver?: Host };

/** In Next, `register()` of `instrumentation.ts` calls this. */
export function keepHost(host: Host): void {
  kept.webhookReceiver = host;
}

export function theHost(): Host {
  if (kept.webhookReceiver === undefined) throw new Error("keepHost was not called.");
  return kept.webhookReceiver;
}
