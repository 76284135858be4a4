import type { SyncMapping } from "../domain/mapping.ts";
import type { Runtime } from "../runtime/runtime.ts";
import type { SourceSession } from "../runtime/session.ts";
import type { TargetRow } from "../storage/rows/source-rows.ts";
import type { StorageScope } from "../storage/storage.ts";

/** Runs a task at most once per key; everyone who asks meanwhile waits for the same answer. A failure is not remembered. */
export function createOnce<Key, Value>(): (key: Key, task: () => Promise<Value>) => Promise<Value> {
  const running = new Map<Key, Promise<Value>>();
  return (key, task) => {
    const known = running.get(key);
    if (known !== undefined) return known;
    const started = task().catch((error: unknown) => {
      running.delete(key);
      throw error;
    });
    running.set(key, started);
    return started;
  };
}

/** Who the credential belongs to; asked once and kept with the source. */
export async function accountOf(runtime: Runtime, session: SourceSession, sendBy: number): Promise<string | null> {
  const { source, provider } = session;
  if (source.accountId !== null || provider.connect === undefined) return source.accountId;
  const account = await provider.connect.account(session.call({ sendBy }));
  await runtime.storage.commit({ tenantId: source.tenantId }, [
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

const fallbackColor = "cfd3d7";

/**
 * Makes sure that a target has the labels of its mapping, and says which of the wanted ones the tracker refuses, and why.
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
    readonly sendBy: number;
  },
): Promise<ReadonlyMap<string, string>> {
  const { target, mapping, names, sendBy } = request;
  const { source, provider } = session;
  const refusedAmong = (labels: NonNullable<TargetRow["labels"]>) =>
    new Map(labels.refused.filter(({ name }) => names.includes(name)).map(({ name, reason }) => [name, reason]));
  if (provider.labels === undefined || names.length === 0) return new Map();
  const known = target.labels?.credentialVersion === source.credentialVersion ? target.labels : null;
  const isKnown = (name: string) =>
    known !== null && (known.present.includes(name) || known.refused.some((entry) => entry.name === name));
  if (known !== null && names.every(isKnown)) return refusedAmong(known);
  const wanted = new Map(mapping.priority.map((entry) => [entry.remote, entry]));
  const labels = [...new Set([...wanted.keys(), ...names])].map((name) => {
    const entry = wanted.get(name);
    return {
      name,
      color: entry?.color ?? fallbackColor,
      description: entry === undefined ? "" : `Priority ${entry.local.join(" or ")}`,
    };
  });
  const result = await provider.labels.ensure(session.call({ sendBy }), { container: target.container, labels });
  const row = { ...result, credentialVersion: source.credentialVersion };
  await runtime.storage.commit(scope, [
    { write: [{ type: "update", table: "target", id: target.id, set: { labels: row } }] },
  ]);
  return refusedAmong(row);
}
