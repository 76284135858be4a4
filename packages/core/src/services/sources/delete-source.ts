import { describeActivity } from "../../activity/activity.ts";
import { forgetRenewals } from "../../security/renewal-lease.ts";
import type { Write } from "../../storage/commit.ts";
import type { TableName } from "../../storage/tables.ts";
import { commitPlan } from "../commit-plan.ts";
import { detachLinks } from "../detach-links.ts";
import { actorIdOf, type ServiceContext } from "../service-context.ts";
import { loadSource } from "./source-rows.ts";
import { activeLinks, sourceInUse } from "./source-use.ts";

export async function deleteSource(context: ServiceContext, id: string, detach: boolean): Promise<void> {
  const { runtime, actor, scope } = context;
  const { tenantId } = scope;
  await loadSource(context, id, "source.delete");
  if (detach) await detachLinks(context, await activeLinks(context, id), "source-deleted");
  await commitPlan(runtime, scope, "source.delete", async () => {
    const source = await loadSource(context, id, "source.delete");
    const links = await activeLinks(context, id);
    if (links.length > 0) {
      throw sourceInUse(
        source,
        `${links.length} of its links live. Detach them, or pass { detach: true } to end them all; the issues stay as they are.`,
      );
    }
    const bySource = { by: "source", keys: [[id]] } as const;
    const [targets, scopes, identities, forms, remembered] = await Promise.all([
      runtime.storage.find(scope, { table: "target", ...bySource }),
      runtime.storage.find(scope, { table: "pollScope", ...bySource }),
      runtime.storage.find(scope, { table: "identity", ...bySource }),
      runtime.storage.find(scope, { table: "issueForm", ...bySource }),
      runtime.storage.find(scope, { table: "rememberedFields", ...bySource }),
    ]);
    const remove = (table: TableName, rows: readonly { readonly id: string }[]): Write[] =>
      rows.map((row) => ({ type: "delete", table, id: row.id }));
    return {
      unit: {
        require: [{ table: "source", id, match: { revision: source.revision } }],
        write: [
          ...remove("target", targets),
          ...remove("pollScope", scopes),
          ...remove("identity", identities),
          ...remove("issueForm", forms),
          ...remove("rememberedFields", remembered),
          ...forgetRenewals(id),
          ...(await runtime.credentials.remove({ tenantId, sourceId: id, name: "auth" })),
          ...(await runtime.credentials.remove({ tenantId, sourceId: id, name: "webhook" })),
          { type: "delete", table: "source", id },
        ],
      },
      events: [
        describeActivity(
          runtime,
          "source-deleted",
          { tenantId, actorId: actorIdOf(actor), sourceId: id },
          { name: source.name, provider: source.providerId },
        ),
      ],
      result: undefined,
    };
  });
}
