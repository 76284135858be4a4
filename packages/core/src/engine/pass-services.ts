import type { SyncMapping } from "../domain/mapping.ts";
import type { ProviderCall } from "../provider/call.ts";
import type { Runtime } from "../runtime/runtime.ts";
import type { SourceSession } from "../runtime/session.ts";
import type { TargetRow } from "../storage/rows/source-rows.ts";
import type { StorageScope } from "../storage/storage.ts";

/** Who the credential belongs to; asked once and kept with the source. */
export async function accountOf(runtime: Runtime, session: SourceSession, call: ProviderCall): Promise<string | null> {
  const { source, provider } = session;
  if (source.accountId !== null || provider.connect === undefined) return source.accountId;
  const scope = { tenantId: source.tenantId };
  const [current] = await runtime.storage.find(scope, { table: "source", by: "id", keys: [[source.id]] });
  // Another pass may have asked while this one was on its way.
  const isSame = current?.credentialVersion === source.credentialVersion;
  if (isSame && current.accountId !== null) return current.accountId;
  const account = await provider.connect.account(call);
  await runtime.storage.commit(scope, [
    {
      require: [{ table: "source", id: source.id, match: { credentialVersion: source.credentialVersion } }],
      write: [
        {
          type: "update",
          table: "source",
          id: source.id,
          set: { accountId: account.id, accountName: account.login ?? account.displayName },
        },
      ],
    },
  ]);
  return account.id;
}

type KnownLabels = NonNullable<TargetRow["labels"]>;

/** What is known about labels without asking; null where one of them is not known under this credential. */
function completeLabels(
  row: Pick<TargetRow, "labels"> | undefined,
  credentialVersion: number,
  names: readonly string[],
): KnownLabels | null {
  const labels = row?.labels ?? null;
  if (labels === null || labels.credentialVersion !== credentialVersion) return null;
  const isKnown = (name: string) =>
    labels.present.includes(name) || labels.refused.some((entry) => entry.name === name);
  return names.every(isKnown) ? labels : null;
}

function refusedAmong(labels: KnownLabels | null, names: readonly string[]): ReadonlyMap<string, string> {
  const refused = labels?.refused ?? [];
  return new Map(refused.filter(({ name }) => names.includes(name)).map(({ name, reason }) => [name, reason]));
}

/** Labels that the next pass would leave out without asking again, and why. */
export function knownRefusedLabels(
  target: TargetRow | null,
  credentialVersion: number,
  names: readonly string[],
): ReadonlyMap<string, string> {
  return refusedAmong(completeLabels(target ?? undefined, credentialVersion, names), names);
}

const fallbackColor = "cfd3d7";

/**
 * Makes sure that a target has the labels of its mapping and says which of them the tracker refuses, and why.
 * Asked once per target and credential; the answer is kept with the target.
 */
export async function ensureLabels(
  runtime: Runtime,
  session: SourceSession,
  scope: StorageScope,
  request: {
    readonly target: TargetRow;
    readonly mapping: SyncMapping;
    readonly names: readonly string[];
    readonly call: ProviderCall;
  },
): Promise<ReadonlyMap<string, string>> {
  const { target, mapping, names, call } = request;
  const { source, provider } = session;
  if (provider.labels === undefined || names.length === 0) return new Map();
  const complete = (row: TargetRow | undefined) => completeLabels(row, source.credentialVersion, names);
  const loaded = complete(target);
  if (loaded !== null) return refusedAmong(loaded, names);
  const [current] = await runtime.storage.find(scope, { table: "target", by: "id", keys: [[target.id]] });
  // Another pass may have made them while this one was on its way.
  const made = complete(current);
  if (made !== null) return refusedAmong(made, names);
  const wanted = new Map(mapping.priority.map((entry) => [entry.remote, entry]));
  const labels = names.map((name) => {
    const entry = wanted.get(name);
    return {
      name,
      color: entry?.color ?? fallbackColor,
      description: entry === undefined ? "" : `Priority ${entry.local.join(" or ")}`,
    };
  });
  const result = await provider.labels.ensure(call, { container: target.container, labels });
  const row = { ...result, credentialVersion: source.credentialVersion };
  await runtime.storage.commit(scope, [
    { write: [{ type: "update", table: "target", id: target.id, set: { labels: row } }] },
  ]);
  return refusedAmong(row, names);
}
