import { describeActivity, recordActivity } from "../activity/activity.ts";
import { type FormatIssue, placeColumns } from "../issues/issue-cache.ts";
import { unchangedIssue } from "../issues/merge-issues.ts";
import type { Provider } from "../provider/provider.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { siteOf } from "../runtime/session.ts";
import type { CommitUnit, Write } from "../storage/commit.ts";
import type { PollScopeRow, SourceRow } from "../storage/rows/source-rows.ts";

const issuesAtOnce = 200;

function formatOf(provider: Provider, source: SourceRow): FormatIssue {
  return (place) => provider.formatIssue(place, siteOf(source));
}

/**
 * What a polled container is called now, where all its rows say another name than it was asked for by; null where none do.
 * Names that are only written otherwise are the same.
 */
export function newNameOf(
  provider: Provider,
  source: SourceRow,
  row: PollScopeRow,
  places: readonly { readonly container: string }[],
): string | null {
  const names = [...new Set(places.map((place) => place.container))];
  const [name] = names;
  if (name === undefined || names.length > 1 || row.container === "") return null;
  const format = formatOf(provider, source);
  const keyOf = (container: string) => format({ container, item: "1" }).canonicalKey;
  return keyOf(name) === keyOf(row.container) ? null : name;
}

/**
 * Cached issues get their new keys, so that what is told by key finds them. One whose key is taken by a row that was never
 * read waits for its own next read.
 */
export async function renameIssues(
  runtime: Runtime,
  source: SourceRow,
  provider: Provider,
  from: string,
  to: string,
): Promise<void> {
  const format = formatOf(provider, source);
  const scope = { tenantId: source.tenantId };
  let after: string | undefined;
  for (;;) {
    const rows = await runtime.storage.find(scope, {
      table: "issue",
      by: "source",
      keys: [[source.id]],
      limit: issuesAtOnce,
      ...(after === undefined ? {} : { after }),
    });
    const units = rows
      .filter((row) => row.container === from)
      .map((row): CommitUnit => {
        const set = placeColumns(row, { container: to, item: row.item }, format);
        return {
          require: [unchangedIssue(row)],
          write: [{ type: "update", table: "issue", id: row.id, set }],
        };
      });
    if (units.length > 0) await runtime.storage.commit(scope, units);
    if (rows.length < issuesAtOnce) return;
    after = rows.at(-1)?.id;
  }
}

/**
 * A container that answers under another name was renamed: targets, the list of allowed containers and the poll follow, so
 * that nothing goes astray once somebody else takes the old name. Repeating it is harmless.
 * Returns false where the new name is polled already and this scope has ended.
 */
export async function renameContainer(
  runtime: Runtime,
  source: SourceRow,
  row: PollScopeRow,
  to: string,
): Promise<boolean> {
  const scope = { tenantId: source.tenantId };
  const from = row.container;
  const [targets, [current], [other]] = await Promise.all([
    runtime.storage.find(scope, { table: "target", by: "source", keys: [[source.id]] }),
    runtime.storage.find(scope, { table: "source", by: "id", keys: [[source.id]] }),
    runtime.storage.find(scope, { table: "pollScope", by: "container", keys: [[source.id, to]] }),
  ]);
  if (current === undefined) return false;
  const renamed = current.containers?.map((name) => (name === from ? to : name)) ?? null;
  const isListed = current.containers?.includes(from) === true;
  const event = describeActivity(
    runtime,
    "source-updated",
    { tenantId: source.tenantId, sourceId: source.id },
    { changed: ["containers"], from, to },
  );
  const write: readonly Write[] = [
    ...targets
      .filter((target) => target.container === from)
      .map((target): Write => ({ type: "update", table: "target", id: target.id, set: { container: to } })),
    ...(isListed
      ? [
          {
            type: "update",
            table: "source",
            id: source.id,
            set: { containers: renamed, revision: current.revision + 1, updatedAt: runtime.clock.now() },
          } satisfies Write,
        ]
      : []),
    other === undefined
      ? { type: "update", table: "pollScope", id: row.id, set: { container: to } }
      : { type: "delete", table: "pollScope", id: row.id },
    recordActivity(event),
  ];
  const [outcome] = await runtime.storage.commit(scope, [
    {
      require: [
        { table: "pollScope", id: row.id, match: { fence: row.fence } },
        { table: "source", id: source.id, match: { revision: current.revision } },
      ],
      write,
    },
  ]);
  if (outcome?.status !== "committed") return true;
  runtime.events.emit([event]);
  return other === undefined;
}
