import type { CompiledUnit, Run } from "./compiled-unit.ts";
import type { Wave } from "./waves.ts";

type Step = readonly [kind: string, table: string, rows: readonly unknown[]];

/** What `commit_wave` takes. */
export interface WaveRequest {
  readonly locks: readonly (readonly [table: string, ids: readonly string[]])[];
  readonly require: readonly (readonly [table: string, rows: readonly unknown[]])[];
  readonly steps: readonly Step[];
  /** Work rows that a unit names, with its number: a mark of another unit must not find one of them. */
  readonly guarded: Readonly<Record<string, number>>;
}

/** Everybody locks in this order, so nobody waits for somebody who waits for him. */
const lockOrder: readonly string[] = [
  "source",
  "target",
  "secret",
  "budget",
  "identity",
  "relation",
  "defect",
  "defect_comment",
  "occurrence",
  "link",
  "link_work",
  "poll_scope",
  "poll_scope_work",
  "comment_link",
  "conflict",
  "issue",
  "reference",
  "delivery",
  "activity",
];

const lockingKinds: ReadonlySet<string> = new Set(["update", "put", "delete", "release"]);

/** Number of a requirement that a release makes by itself. */
export const fencePlace = -1;

/**
 * @param isWhole false leaves fences to the steps themselves, which then fail in the order of the unit's writes
 */
export function waveRequest(wave: Wave, isWhole: boolean): WaveRequest {
  const locks = new Map<string, Set<string>>();
  const require = new Map<string, unknown[]>();
  const guarded: Record<string, number> = {};
  const lock = (table: string, id: string) => void grouped(locks, table, () => new Set<string>()).add(id);
  for (const unit of wave) {
    for (const { table, id, match, place } of unit.requirements) {
      lock(table, id);
      grouped(require, table, (): unknown[] => []).push({ unit: unit.index, place, id, match });
    }
    for (const { kind, table, writes } of unit.runs) {
      for (const { id, row } of writes) {
        if (id === null) continue;
        if (lockingKinds.has(kind)) lock(table, id);
        if (table.endsWith("_work")) guarded[id] = unit.index;
        if (kind === "release" && isWhole) {
          const { fence } = row as { readonly fence: number };
          const required = grouped(require, table, (): unknown[] => []);
          required.push({ unit: unit.index, place: fencePlace, id, match: { fence } });
        }
      }
    }
  }
  return {
    locks: lockOrder.flatMap((table) => {
      const ids = locks.get(table);
      return ids === undefined ? [] : [[table, [...ids].sort()] as const];
    }),
    require: [...require],
    steps: stepsOf(wave),
    guarded: isWhole ? guarded : {},
  };
}

/** What `commit_at_once` takes: requirements ride on the first change of their row, or are checked beforehand. */
export interface ShortRequest extends Pick<WaveRequest, "steps" | "guarded"> {
  /** Empty unless something is searched for. */
  readonly locks: WaveRequest["locks"];
  readonly checks: readonly (readonly [table: string, rows: readonly unknown[]])[];
}

export function shortRequest(wave: Wave): ShortRequest {
  const checks = new Map<string, { readonly id: string; readonly match: object }[]>();
  const matches = new Map<unknown, object>();
  for (const unit of wave) {
    const first = new Map<string, { readonly kind: Run["kind"]; readonly row: unknown }>();
    for (const { kind, table, writes } of unit.runs) {
      for (const { id, row } of writes) if (!first.has(`${table} ${id}`)) first.set(`${table} ${id}`, { kind, row });
    }
    for (const { table, id, match } of unit.requirements) {
      const change = first.get(`${table} ${id}`);
      if (change?.kind === "release" && isFence(match, change.row)) continue;
      if (change?.kind === "update") matches.set(change.row, { ...matches.get(change.row), ...match });
      else grouped(checks, table, () => []).push({ id, match });
    }
  }
  const isSearched = wave.some((unit) => unit.searched.size > 0);
  const { locks, guarded } = isSearched ? waveRequest(wave, true) : { locks: [], guarded: {} };
  return {
    locks,
    guarded,
    checks: [...checks].map(([table, rows]) => [table, rows.toSorted(byId)] as const),
    steps: stepsOf(wave).map(([kind, table, rows]) => [
      kind,
      table,
      rows.map((row) => withMatch(row, matches.get(row))),
    ]),
  };
}

/** The release looks at the fence by itself. */
function isFence(match: Readonly<Record<string, unknown>>, release: unknown): boolean {
  return Object.keys(match).length === 1 && match["fence"] === (release as { readonly fence: number }).fence;
}

const withMatch = (row: unknown, match: object | undefined) =>
  match === undefined ? row : { ...(row as object), match };

const byId = (one: { readonly id: string }, other: { readonly id: string }) => (one.id < other.id ? -1 : 1);

/** As few steps as keep each unit's own order: the kind of run that most units come to next goes first. */
function stepsOf(wave: Wave): readonly Step[] {
  const steps: Step[] = [];
  const next = new Map<CompiledUnit, number>(wave.map((unit) => [unit, 0]));
  for (;;) {
    const waiting = new Map<string, { run: Run; unit: CompiledUnit }[]>();
    for (const unit of wave) {
      const run = unit.runs[next.get(unit) ?? 0];
      if (run !== undefined) grouped(waiting, `${run.kind} ${run.table}`, () => []).push({ run, unit });
    }
    const [most] = [...waiting.values()].sort((one, other) => other.length - one.length);
    const [first] = most ?? [];
    if (most === undefined || first === undefined) return steps;
    const { kind, table } = first.run;
    const rows = most.flatMap(({ run, unit }) => run.writes.map((write) => rowOf(write.row, kind, unit.index)));
    steps.push([kind, table, rows]);
    for (const { unit } of most) next.set(unit, (next.get(unit) ?? 0) + 1);
  }
}

/** Marks are counted per write, and a unit's number keeps the writes of several units apart. */
function rowOf(row: unknown, kind: string, unit: number): unknown {
  return kind === "mark" ? { ...(row as object), unit } : row;
}

function grouped<Group>(groups: Map<string, Group>, key: string, create: () => Group): Group {
  const known = groups.get(key);
  if (known !== undefined) return known;
  const group = create();
  groups.set(key, group);
  return group;
}
