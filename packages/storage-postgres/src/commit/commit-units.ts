import type { CommitOutcome, CommitUnit, TableName } from "@backref/core/storage";
import { type Database, refuseUnkept } from "../connection/database.ts";
import { databaseFailure } from "../connection/database-errors.ts";
import { tableNames, tablePlace } from "../schema/physical-tables.ts";
import { type CompiledUnit, compileUnit } from "./compiled-unit.ts";
import { fencePlace, shortRequest, waveRequest } from "./wave-request.ts";
import { type Wave, wavesOf } from "./waves.ts";

type Unmet = readonly [unit: number, place: number];

interface WaveAnswer {
  /** Rows that others hold. */
  readonly locked?: readonly (readonly [table: string, ids: readonly string[]])[];
  readonly unmet?: readonly Unmet[];
  /** Per step that skips what exists: the ids of what did not. */
  readonly inserted?: readonly (readonly string[])[];
  /** SQLSTATE of what made a single unit fail. */
  readonly failed?: string;
  readonly constraint?: string;
  readonly table?: string;
  readonly detail?: string;
}

/** A wave whose statement failed with one of these goes unit by unit, which tells which of them it was. */
const oneByOne: ReadonlySet<string> = new Set(["23505", "23503", "55P03", "BR001", "BR002", "BR004", "BR005"]);

/** Applies units; one statement for most calls. */
export async function commitUnits(
  database: Database,
  tenantId: string,
  units: readonly CommitUnit[],
): Promise<readonly CommitOutcome[]> {
  const compiled = units.map((unit, index) => compileUnit(tenantId, unit, index));
  const outcomes: CommitOutcome[] = [];
  if (database.isHosts) {
    refuseUnkept([JSON.stringify(units)]);
    for (const unit of compiled) outcomes.push(await commitUnit(database, tenantId, unit));
    return outcomes;
  }
  const waves = wavesOf(compiled);
  // Before anything is written: a call that is refused changes nothing. A single statement looks for itself.
  if (waves.length > 1) refuseUnkept([JSON.stringify(units)]);
  for (const wave of waves) {
    for (const [index, outcome] of await commitWave(database, tenantId, wave)) outcomes[index] = outcome;
  }
  return outcomes;
}

async function commitWave(
  database: Database,
  tenantId: string,
  wave: Wave,
): Promise<ReadonlyMap<number, CommitOutcome>> {
  const outcomes = new Map<number, CommitOutcome>();
  const done = await askShortly(database, tenantId, wave);
  if (done !== null) return new Map(wave.map((unit) => [unit.index, committed(unit, done)]));
  let left = wave;
  const alone: CompiledUnit[] = [];
  while (left.length > 0) {
    const answer = await askWave(database, tenantId, left);
    if (answer?.inserted !== undefined) {
      for (const unit of left) outcomes.set(unit.index, committed(unit, answer.inserted));
      break;
    }
    const { settled, later } = answer === null ? { settled: new Map(), later: new Set(left) } : sortOut(left, answer);
    for (const [index, outcome] of settled) outcomes.set(index, outcome);
    alone.push(...left.filter((unit) => later.has(unit)));
    left = left.filter((unit) => !later.has(unit) && !settled.has(unit.index));
  }
  for (const unit of alone) outcomes.set(unit.index, await commitUnit(database, tenantId, unit));
  return outcomes;
}

/** The ids that were inserted where what exists is skipped; null where something is not as expected. */
async function askShortly(
  database: Database,
  tenantId: string,
  wave: Wave,
): Promise<readonly (readonly string[])[] | null> {
  const statement = `SELECT ${database.schema}.commit_at_once($1, $2::jsonb)::text AS answer`;
  try {
    const answer = await database.run("commit", statement, [tenantId, JSON.stringify(shortRequest(wave))]);
    return (answer as { readonly inserted: readonly (readonly string[])[] }).inserted;
  } catch (error) {
    if (needsCare(error)) return null;
    throw error;
  }
}

function needsCare(error: unknown): boolean {
  const { code } = databaseFailure(error);
  return code !== null && oneByOne.has(code);
}

/** Null where its units have to go one by one. */
async function askWave(database: Database, tenantId: string, wave: Wave): Promise<WaveAnswer | null> {
  const request = waveRequest(wave, true);
  try {
    const statement = `SELECT ${database.schema}.commit_wave($1, $2::jsonb, false)::text AS answer`;
    return (await database.run("commit", statement, [tenantId, JSON.stringify(request)])) as WaveAnswer;
  } catch (error) {
    if (needsCare(error)) return null;
    throw error;
  }
}

/** Which units are answered, and which have to be tried alone: those that met others' locks, or a fence that moved. */
function sortOut(wave: Wave, answer: WaveAnswer) {
  const locked = new Set((answer.locked ?? []).flatMap(([table, ids]) => ids.map((id) => `${table} ${id}`)));
  const later = new Set<CompiledUnit>();
  const settled = new Map<number, CommitOutcome>();
  for (const unit of wave) {
    if ([...unit.written, ...unit.required].some((row) => locked.has(row))) later.add(unit);
    const places = (answer.unmet ?? []).filter(([index]) => index === unit.index).map(([, place]) => place);
    if (places.length === 0) continue;
    const own = places.filter((place) => place !== fencePlace);
    if (own.length === 0) later.add(unit);
    else settled.set(unit.index, unmet(unit, own));
  }
  return { settled, later };
}

/** One unit alone, waiting for rows that others hold. */
async function commitUnit(database: Database, tenantId: string, unit: CompiledUnit): Promise<CommitOutcome> {
  const wave = [unit];
  const statement = `SELECT ${database.schema}.commit_unit($1, $2::jsonb)::text AS answer`;
  const request = JSON.stringify(waveRequest(wave, false));
  const answer = (await database.run("commit", statement, [tenantId, request])) as WaveAnswer;
  if (answer.inserted !== undefined) return committed(unit, answer.inserted);
  if (answer.unmet !== undefined) {
    return unmet(
      unit,
      answer.unmet.map(([, place]) => place),
    );
  }
  const { failed, constraint = "", table = "", detail = "" } = answer;
  if (failed === "23505") return { status: "taken", table: logicalTable(table), key: keyName(table, constraint) };
  if (failed === "BR001" || failed === "BR002") {
    const [physical, id] = JSON.parse(detail) as [string, string];
    return { status: failed === "BR001" ? "missing" : "stale", table: logicalTable(physical), id };
  }
  // A parent that is gone, or a row that somebody holds for long: either way somebody else was there first.
  const [row = ""] = [...unit.required, ...unit.written];
  const [physical = "", id = ""] = row.split(/ (.*)/s);
  return { status: failed === "23503" ? "missing" : "stale", table: logicalTable(table || physical), id };
}

function unmet(unit: CompiledUnit, places: readonly number[]): CommitOutcome {
  const requirement = unit.unit.require?.[Math.min(...places)];
  return { status: "stale", table: requirement?.table ?? "link", id: requirement?.id ?? "" };
}

/** Counts what a unit's own inserts left out, given the ids of those that were not. */
function committed(unit: CompiledUnit, inserted: readonly (readonly string[])[]): CommitOutcome {
  const runs = unit.runs.filter(({ kind, table }) => kind === "insert_missing" && !table.endsWith("_work"));
  if (runs.length === 0) return { status: "committed", skipped: 0 };
  const taken = new Set(inserted.flat());
  const asked = runs.flatMap(({ writes }) => writes);
  return { status: "committed", skipped: asked.filter(({ id }) => id !== null && !taken.has(id)).length };
}

const tablesByName = new Map(
  tableNames.flatMap((table): [string, TableName][] => {
    const { main, work } = tablePlace(table);
    return [[main.name, table], ...(work === null ? [] : [[work.name, table] as [string, TableName]])];
  }),
);

function logicalTable(name: string): TableName {
  return tablesByName.get(name) ?? "link";
}

/** Constraints are called after their table and the key's name in the contract. */
function keyName(table: string, constraint: string): string {
  const name = constraint.startsWith(`${table}_`) ? constraint.slice(table.length + 1) : constraint;
  return name.replace(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase());
}
