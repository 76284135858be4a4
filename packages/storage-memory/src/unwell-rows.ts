import type { LinkRow, SourceRow, StorageOverview } from "@backref/core/storage";
import { rowKey } from "./table-index.ts";
import type { BaseRow, TableStore } from "./table-store.ts";

/** Counts the rows of a table by what they are, as they change. Rows without a kind are not counted. */
class KindCounts<Row extends BaseRow, Kind extends string> {
  readonly #kinds = new Map<string, Kind>();
  readonly #counts = new Map<Kind, number>();

  constructor(table: TableStore<Row>, kindOf: (row: Row) => Kind | null) {
    table.watch((before, after) => {
      const row = after ?? before;
      if (row === undefined) return;
      const key = rowKey(row.tenantId, row.id);
      const old = this.#kinds.get(key);
      if (old !== undefined) this.#counts.set(old, this.count(old) - 1);
      const kind = after === undefined ? null : kindOf(after);
      if (kind === null) {
        this.#kinds.delete(key);
      } else {
        this.#kinds.set(key, kind);
        this.#counts.set(kind, this.count(kind) + 1);
      }
    });
  }

  count(kind: Kind): number {
    return this.#counts.get(kind) ?? 0;
  }
}

function kindOfSource({ enabled, health }: SourceRow): keyof StorageOverview["sources"] {
  if (!enabled) return "disabled";
  return health === "reconnect-required" ? "reconnectRequired" : health;
}

function heldKind({ enabled, heldSince }: SourceRow): "held" | null {
  return enabled && heldSince !== null ? "held" : null;
}

function kindOfLink({ active, failure, frozen, refused }: LinkRow): keyof StorageOverview["links"] | null {
  if (active !== 1) return null;
  if (failure !== null) return failure.retryAt === null ? "stopped" : "retrying";
  if (frozen.length > 0) return "frozen";
  return refused.length > 0 ? "refused" : null;
}

/** How many sources and links are not well, and how. */
export class UnwellRows {
  readonly #sources: KindCounts<SourceRow, keyof StorageOverview["sources"]>;
  readonly #held: KindCounts<SourceRow, "held">;
  readonly #links: KindCounts<LinkRow, keyof StorageOverview["links"]>;

  constructor(tables: { readonly source: TableStore<SourceRow>; readonly link: TableStore<LinkRow> }) {
    this.#sources = new KindCounts(tables.source, kindOfSource);
    this.#held = new KindCounts(tables.source, heldKind);
    this.#links = new KindCounts(tables.link, kindOfLink);
  }

  count(limit: number): Pick<StorageOverview, "sources" | "heldSources" | "links"> {
    const source = (kind: keyof StorageOverview["sources"]) => Math.min(limit, this.#sources.count(kind));
    const link = (kind: keyof StorageOverview["links"]) => Math.min(limit, this.#links.count(kind));
    return {
      sources: {
        ok: source("ok"),
        degraded: source("degraded"),
        reconnectRequired: source("reconnectRequired"),
        disabled: source("disabled"),
      },
      heldSources: Math.min(limit, this.#held.count("held")),
      links: {
        stopped: link("stopped"),
        retrying: link("retrying"),
        frozen: link("frozen"),
        refused: link("refused"),
      },
    };
  }
}
