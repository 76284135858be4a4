import { z } from "zod";
import type { SyncEngine } from "../../engine/engine.ts";
import { displayName, hostId, invalidInput, parseInput, recordId, storableText } from "../../input/parse-input.ts";
import type { IdentityRow } from "../../storage/rows/source-rows.ts";
import { collectPage, pageFields } from "../paging.ts";
import type { Identity, IdentityInput, PeopleService } from "../people-types.ts";
import { refuseTransaction, type ServiceContext } from "../service-context.ts";
import { loadSource } from "../sources/source-rows.ts";
import { changeIdentities, type IdentityChange } from "./change-identities.ts";
import { findPeople, withUsers } from "./find-people.ts";
import { suggestIdentities } from "./suggest-identities.ts";

const mostAtOnce = 1_000;
const defaultSearchLimit = 20;

const identityFields = {
  remoteId: hostId,
  userId: hostId,
  isPrimary: z.boolean().exactOptional(),
  login: displayName.nullable().exactOptional(),
  displayName: displayName.exactOptional(),
  avatarUrl: z
    .url({ protocol: /^https?$/ })
    .max(2_000)
    .nullable()
    .exactOptional(),
};
const setRequest = z.strictObject({ sourceId: recordId, ...identityFields });
const setManyRequest = z.strictObject({
  sourceId: recordId,
  people: z.array(z.strictObject(identityFields)).max(mostAtOnce),
});
const listRequest = z.strictObject({ ...pageFields, sourceId: recordId, userId: hostId.exactOptional() });
const removeRequest = z.union([
  z.strictObject({ sourceId: recordId, remoteId: hostId }),
  z.strictObject({ sourceId: recordId, userId: hostId }),
]);
const searchRequest = z.strictObject({
  sourceId: recordId,
  projectId: hostId,
  text: storableText({ max: 255 }).default(""),
  limit: z.int().min(1).max(100).default(defaultSearchLimit),
});
const suggestRequest = z.strictObject({
  sourceId: recordId,
  projectId: hostId,
  users: z.array(z.strictObject({ userId: hostId, email: storableText({ min: 1, max: 320 }) })).max(mostAtOnce),
  apply: z.boolean().default(false),
});

function identityView(row: IdentityRow): Identity {
  return {
    remoteId: row.remoteUserId,
    userId: row.hostUserId,
    isPrimary: row.preferred === 1,
    login: row.login,
    displayName: row.displayName,
    avatarUrl: row.avatarUrl,
  };
}

/** An account has one user, and a user one primary account. */
function refuseDoubles(people: readonly IdentityInput[]): void {
  const accounts = new Set<string>();
  const primaries = new Set<string>();
  for (const [index, { remoteId, userId, isPrimary }] of people.entries()) {
    const refuse = (field: string, message: string) => {
      throw invalidInput("people", [{ path: ["people", index, field], message }]);
    };
    if (accounts.has(remoteId)) refuse("remoteId", "names an account that stands in the list already");
    accounts.add(remoteId);
    if (isPrimary !== true) continue;
    if (primaries.has(userId)) refuse("isPrimary", "is true for another account of the same user already");
    primaries.add(userId);
  }
}

export function createPeopleService(context: ServiceContext, engine: Pick<SyncEngine, "doorbell">): PeopleService {
  const { runtime, scope } = context;
  const change = async (sourceId: string, given: Partial<IdentityChange>) => {
    const forget = { remoteIds: [], userIds: [] };
    const changed = await changeIdentities(context, sourceId, { set: [], forget, ...given });
    engine.doorbell.ring();
    return changed;
  };
  const setAll = async (sourceId: string, people: readonly IdentityInput[]): Promise<readonly Identity[]> => {
    const { rows } = await change(sourceId, { set: people });
    const views = new Map(rows.map((row) => [row.remoteUserId, identityView(row)]));
    return people.flatMap(({ remoteId }) => views.get(remoteId) ?? []);
  };
  return {
    async list(request) {
      const { sourceId, userId, ...page } = parseInput(listRequest, request, "request");
      const source = await loadSource(context, sourceId, "source.pair-people");
      const path =
        userId === undefined
          ? ({ by: "source", keys: [[source.id]] } as const)
          : ({ by: "hostUser", keys: [[source.id, userId]] } as const);
      return await collectPage<IdentityRow, Identity>({
        list: JSON.stringify([scope.tenantId, "people", source.id, userId ?? null]),
        page,
        fetch: (after, limit) =>
          runtime.storage.find(scope, {
            table: "identity",
            ...path,
            limit,
            ...(after === undefined ? {} : { after }),
          }),
        keep: async (rows) => rows,
        view: async (rows) => rows.map(identityView),
      });
    },
    async set(request) {
      const { sourceId, ...input } = parseInput(setRequest, request, "identity");
      const [identity] = await setAll(sourceId, [input]);
      if (identity === undefined) throw new TypeError("An account that was set has a view.");
      return identity;
    },
    async setMany(request) {
      const { sourceId, people } = parseInput(setManyRequest, request, "people");
      refuseDoubles(people);
      return await setAll(sourceId, people);
    },
    async remove(request) {
      const parsed = parseInput(removeRequest, request, "request");
      const remoteIds = "remoteId" in parsed ? [parsed.remoteId] : [];
      const userIds = "userId" in parsed ? [parsed.userId] : [];
      const { removed } = await change(parsed.sourceId, { forget: { remoteIds, userIds } });
      return { removed };
    },
    async search(request) {
      refuseTransaction(scope, "people.search");
      const query = parseInput(searchRequest, request, "request");
      return await withUsers(context, query.sourceId, await findPeople(context, query, "source.find-people"));
    },
    async suggest(request) {
      refuseTransaction(scope, "people.suggest");
      return await suggestIdentities(context, parseInput(suggestRequest, request, "request"));
    },
  };
}
