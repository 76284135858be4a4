import { describeActivity } from "../../activity/activity.ts";
import { redactSecrets } from "../../security/redact.ts";
import type { SourceRow } from "../../storage/rows/source-rows.ts";
import { commitPlan } from "../commit-plan.ts";
import type { ServiceContext } from "../service-context.ts";

/** Stops a source whose credential the tracker refused, unless the credential was replaced in the meantime. */
export async function requireReconnect(context: ServiceContext, refused: SourceRow, reason: string): Promise<void> {
  const { runtime, scope } = context;
  await commitPlan(runtime, scope, "source.health", async () => {
    const [source] = await runtime.storage.find(scope, { table: "source", by: "id", keys: [[refused.id]] });
    const isConcerned =
      source !== undefined &&
      source.credentialVersion === refused.credentialVersion &&
      source.health !== "reconnect-required";
    if (!isConcerned) return { unit: null, events: [], result: undefined };
    const healthReason = redactSecrets(reason);
    return {
      unit: {
        require: [{ table: "source", id: source.id, match: { credentialVersion: source.credentialVersion } }],
        write: [
          {
            type: "update",
            table: "source",
            id: source.id,
            set: { health: "reconnect-required", healthReason, healthSince: runtime.clock.now() },
          },
        ],
      },
      events: [
        describeActivity(
          runtime,
          "source-health-changed",
          { tenantId: scope.tenantId, sourceId: source.id },
          { from: source.health, to: "reconnect-required", reason: healthReason },
        ),
      ],
      result: undefined,
    };
  });
}
