import type { RemotePerson } from "../../domain/issue-snapshot.ts";
import { BackrefError } from "../../errors/index.ts";
import { withDeadline } from "../../issues/with-deadline.ts";
import { longestRemoteId } from "../../runtime/usable-ids.ts";
import type { Action } from "../../security/actions.ts";
import { notFound } from "../../security/authoriser.ts";
import { askTracker } from "../ask-tracker.ts";
import { findByKeys } from "../find-by-keys.ts";
import type { FoundPerson } from "../people-types.ts";
import { containerOfProject, isUsableBy } from "../references/reference-sources.ts";
import type { ServiceContext } from "../service-context.ts";
import { loadSource } from "../sources/source-rows.ts";

type FoundRemote = RemotePerson & { readonly email: string | null };

export interface PeopleQuery {
  readonly sourceId: string;
  readonly projectId: string;
  readonly text: string;
  readonly limit: number;
}

async function containerFor(context: ServiceContext, query: PeopleQuery, action: Action) {
  const { runtime, authoriser, actor, scope } = context;
  const { projectId } = query;
  const source = await loadSource(context, query.sourceId, action);
  if (!isUsableBy(source, projectId)) throw notFound({ kind: "source", id: source.id });
  // Whose issues are somewhere says who works there, so that is for the project's own people.
  await authoriser.authorise(actor, "source.find-people", {
    kind: "source",
    tenantId: scope.tenantId,
    projectIds: [projectId],
    id: source.id,
  });
  if (!source.enabled) {
    throw new BackrefError({
      code: "source-not-runnable",
      message: `Source "${source.name}" is switched off. Enable it to look for people.`,
    });
  }
  const targets = await runtime.storage.find(scope, { table: "target", by: "source", keys: [[source.id]] });
  const container = containerOfProject({ source, targets }, projectId);
  if (container !== null) return { source, container };
  throw new BackrefError({
    code: "target-missing",
    message: `Source "${source.name}" has no target for project "${projectId}", so nobody knows where to look. Add a target to the source.`,
  });
}

/** Asks the tracker who can be assigned where a project's issues are. */
export async function findPeople(
  context: ServiceContext,
  query: PeopleQuery,
  action: Action,
): Promise<readonly FoundRemote[]> {
  const { source, container } = await containerFor(context, query, action);
  return await askTracker(context.runtime, source, async (session) => {
    const { people } = session.provider;
    if (people === undefined) {
      throw new BackrefError({
        code: "capability-missing",
        message: `${session.provider.describe().name} does not tell who can be assigned.`,
        providerId: source.providerId,
        operation: "people.search",
      });
    }
    const request = { container, text: query.text, limit: query.limit };
    const found = await withDeadline(context.runtime, (deadline) => people.search(session.call(deadline), request));
    return found.filter(({ id }) => id !== "" && id.length <= longestRemoteId);
  });
}

/** Found accounts with the users they belong to. */
export async function withUsers(
  { runtime, scope }: ServiceContext,
  sourceId: string,
  found: readonly RemotePerson[],
): Promise<readonly FoundPerson[]> {
  const keys = [...new Set(found.map((person) => person.id))].map((id) => [sourceId, id]);
  const rows = await findByKeys(runtime.storage, scope, "identity", "remote", keys);
  const users = new Map(rows.map((row) => [row.remoteUserId, row.hostUserId]));
  return found.map(({ id, login, displayName, avatarUrl }) => ({
    remoteId: id,
    login,
    displayName,
    avatarUrl: avatarUrl ?? null,
    userId: users.get(id) ?? null,
  }));
}
