import type { BudgetRow, SourceRow } from "@backref/core/storage";
import { rowKey, tupleKey } from "./table-index.ts";
import type { TableStore } from "./table-store.ts";

type SourceListener = (tenantId: string, sourceId: string) => void;

/** Knows from when on work of a source may be claimed, and tells when that changes. */
export class SourceGate {
  readonly #sources: TableStore<SourceRow>;
  readonly #budgets: TableStore<BudgetRow>;
  readonly #sourcesOfBudget = new Map<string, Map<string, SourceRow>>();
  readonly #sourcesOfApp = new Map<string, Map<string, SourceRow>>();
  readonly #listeners: SourceListener[] = [];

  constructor(tables: { readonly source: TableStore<SourceRow>; readonly budget: TableStore<BudgetRow> }) {
    this.#sources = tables.source;
    this.#budgets = tables.budget;
    tables.source.watch((before, after) => this.#sourceChanged(before, after));
    tables.budget.watch((before, after) => this.#budgetChanged(after ?? before));
  }

  listen(listener: SourceListener): void {
    this.#listeners.push(listener);
  }

  /** Storage clock; Infinity while somebody has to do something about the source first. */
  opensAt(tenantId: string, sourceId: string): number {
    const source = this.#sources.get(tenantId, sourceId);
    if (source === undefined || !source.enabled || source.health === "reconnect-required") return Infinity;
    return this.#budgets.get(tenantId, source.budgetId)?.blockedUntil ?? 0;
  }

  sourcesOfApp(providerId: string, appScope: string): readonly SourceRow[] {
    return [...(this.#sourcesOfApp.get(tupleKey([providerId, appScope]))?.values() ?? [])];
  }

  #sourceChanged(before: SourceRow | undefined, after: SourceRow | undefined): void {
    if (before !== undefined) {
      detach(this.#sourcesOfBudget, rowKey(before.tenantId, before.budgetId), before);
      if (before.appScope !== null) detach(this.#sourcesOfApp, tupleKey([before.providerId, before.appScope]), before);
    }
    if (after !== undefined) {
      attach(this.#sourcesOfBudget, rowKey(after.tenantId, after.budgetId), after);
      if (after.appScope !== null) attach(this.#sourcesOfApp, tupleKey([after.providerId, after.appScope]), after);
    }
    const source = after ?? before;
    if (source !== undefined) this.#tell(source);
  }

  #budgetChanged(budget: BudgetRow | undefined): void {
    if (budget === undefined) return;
    const sources = this.#sourcesOfBudget.get(rowKey(budget.tenantId, budget.id));
    for (const source of sources?.values() ?? []) this.#tell(source);
  }

  #tell(source: SourceRow): void {
    for (const listener of this.#listeners) listener(source.tenantId, source.id);
  }
}

type Groups = Map<string, Map<string, SourceRow>>;

function attach(groups: Groups, key: string, source: SourceRow): void {
  const group = groups.get(key) ?? new Map<string, SourceRow>();
  group.set(rowKey(source.tenantId, source.id), source);
  groups.set(key, group);
}

function detach(groups: Groups, key: string, source: SourceRow): void {
  const group = groups.get(key);
  group?.delete(rowKey(source.tenantId, source.id));
  if (group?.size === 0) groups.delete(key);
}
