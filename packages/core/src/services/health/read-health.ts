import { z } from "zod";
import type { WorkerRecord } from "../../engine/worker-record.ts";
import { BackrefError } from "../../errors/backref-error.ts";
import { messageOf } from "../../errors/message-of.ts";
import { parseInput } from "../../input/parse-input.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import { withTimeLimit } from "../../runtime/time-limit.ts";
import { redactSecrets } from "../../security/redact.ts";
import type { StorageOverview } from "../../storage/overview.ts";
import type { Health, HealthReason, HealthRequest } from "./health-types.ts";
import { judgeHealth, reasonOf, statusOf } from "./judge-health.ts";

const healthRequest = z.strictObject({
  maxLagMs: z.number().min(0).optional(),
  timeoutMs: z.number().min(0).optional(),
});

const countedTo = 1_000;

/** The storage's answer, or as much as there is time for. */
function answerWithin(runtime: Runtime, timeoutMs: number): Promise<StorageOverview> {
  const reason = () => new Error(`No answer within ${timeoutMs} ms.`);
  return withTimeLimit(runtime, { durationMs: timeoutMs, reason }, (signal) => {
    const asked = runtime.storage.system.overview({ limit: countedTo });
    // It may end after nobody listens any more.
    asked.catch(() => {});
    const over = new Promise<never>((_resolve, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    });
    return Promise.race([asked, over]);
  });
}

function storageReason(error: unknown): HealthReason {
  const code = BackrefError.isInstance(error) ? error.code : null;
  const message = redactSecrets(messageOf(error));
  if (code === "closed") return reasonOf("closed", message);
  if (code === "storage-version") return reasonOf("schema-missing", message);
  return reasonOf("storage-unreachable", `The storage does not answer: ${message}`);
}

/** Asks the storage once, and never throws for what it finds. Throws `invalid-input` for a request that makes no sense. */
export async function readHealth(runtime: Runtime, record: WorkerRecord, request: HealthRequest = {}): Promise<Health> {
  const { maxLagMs = 300_000, timeoutMs = 5_000 } = parseInput(healthRequest, request, "health request");
  const { clock, installation } = runtime;
  const worker = record.health();
  const startedAt = clock.monotonic();
  const checkedAt = clock.now();
  try {
    const overview = await answerWithin(runtime, timeoutMs);
    const { schema, sources, heldSources, links, due, lastDeliveryAt, installationId: owner } = overview;
    const installed = { owner, own: installation.id };
    const reasons = judgeHealth(overview, installed, worker, maxLagMs);
    const storageMs = clock.monotonic() - startedAt;
    const found = { schema, installation: installed, sources, heldSources, links, due, lastDeliveryAt };
    return { status: statusOf(reasons), reasons, checkedAt, storageMs, ...found, worker };
  } catch (error) {
    const nothing = {
      storageMs: null,
      schema: null,
      sources: null,
      heldSources: null,
      links: null,
      due: null,
      lastDeliveryAt: null,
    };
    const installed = { owner: null, own: installation.id };
    return {
      status: "failing",
      reasons: [storageReason(error)],
      checkedAt,
      ...nothing,
      installation: installed,
      worker,
    };
  }
}
