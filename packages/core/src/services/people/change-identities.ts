import { describeActivity } from "../../activity/activity.ts";
import { carriesAssignees } from "../../engine/link-mapping.ts";
import { resolveSourceCapabilities } from "../../provider/resolved-capabilities.ts";
import { providerFor } from "../../runtime/source-provider.ts";
import type { Write } from "../../storage/commit.ts";
import type { IdentityRow, SourceRow } from "../../storage/rows/source-rows.ts";
import { commitPlan } from "../commit-plan.ts";
import { findByKeys } from "../find-by-keys.ts";
import type { IdentityInput } from "../people-types.ts";
import { actorIdOf, type ServiceContext } from "../service-context.ts";
import { loadSource } from "../sources/source-rows.ts";
import { identityWrites, planIdentities } from "./plan-identities.ts";

/** What shall be so: accounts with their users, and accounts and users to forget. */
export interface IdentityChange {
  readonly set: readonly IdentityInput[];
  readonly forget: { readonly remoteIds: readonly string[]; readonly userIds: readonly string[] };
}

/** Rows of the accounts, of the users they have and get, and of the users to forget: each whole, for one of theirs is preferred. */
async function affectedRows(context: ServiceContext, sourceId: string, { set, forget }: IdentityChange) {
  const { runtime, scope } = context;
  const remoteIds = [...set.map((input) => input.remoteId), ...forget.remoteIds];
  const byAccount = await findByKeys(
    runtime.storage,
    scope,
    "identity",
    "remote",
    [...new Set(remoteIds)].map((id) => [sourceId, id]),
  );
  const userIds = new Set([
    ...set.map((input) => input.userId),
    ...forget.userIds,
    ...byAccount.map((row) => row.hostUserId),
  ]);
  const keys = [...userIds].map((id) => [sourceId, id]);
  return await findByKeys(runtime.storage, scope, "identity", "hostUser", keys);
}

/** Whoever waits for somebody's account can go on. */
async function lookAgain(context: ServiceContext, source: SourceRow): Promise<readonly Write[]> {
  const { runtime, scope } = context;
  const targets = await runtime.storage.find(scope, { table: "target", by: "source", keys: [[source.id]] });
  const capabilities = resolveSourceCapabilities(providerFor(runtime, source), source.options);
  if (!carriesAssignees({ runtime, capabilities, source, targets })) return [];
  return [{ type: "mark", table: "link", by: "source", keys: [[source.id]], afterMs: 0 }];
}

/**
 * Changes who is who at a source. That is a change of its mapping: values that do not stand for each other any more count as
 * agreed on as they are.
 */
export async function changeIdentities(
  context: ServiceContext,
  sourceId: string,
  change: IdentityChange,
): Promise<{ readonly rows: readonly IdentityRow[]; readonly removed: number }> {
  const { runtime, actor, scope } = context;
  return await commitPlan(runtime, scope, "people.update", async () => {
    const source = await loadSource(context, sourceId, "source.pair-people");
    const known = await affectedRows(context, source.id, change);
    const { remoteIds, userIds } = change.forget;
    const remove = new Set(
      known
        .filter((row) => remoteIds.includes(row.remoteUserId) || userIds.includes(row.hostUserId))
        .map((row) => row.remoteUserId),
    );
    const rows = planIdentities({
      known,
      set: change.set,
      remove,
      create: () => ({ tenantId: scope.tenantId, id: runtime.ids.id(), sourceId: source.id }),
    });
    const writes = identityWrites(known, rows);
    const result = { rows, removed: remove.size };
    if (writes.length === 0) return { unit: null, events: [], result };
    const set = {
      mappingVersion: source.mappingVersion + 1,
      updatedAt: runtime.clock.now(),
      revision: source.revision + 1,
    };
    const subject = { tenantId: scope.tenantId, actorId: actorIdOf(actor), sourceId: source.id };
    return {
      unit: {
        require: [{ table: "source", id: source.id, match: { revision: source.revision } }],
        write: [
          ...writes,
          { type: "update", table: "source", id: source.id, set },
          ...(await lookAgain(context, source)),
        ],
      },
      events: [describeActivity(runtime, "source-updated", subject, { changed: ["people"] })],
      result,
    };
  });
}
