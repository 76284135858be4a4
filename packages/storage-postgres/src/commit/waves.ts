import type { CompiledUnit } from "./compiled-unit.ts";

/** A batch larger than this gains nothing. */
const unitsPerWave = 100;

/** Units that do not touch each other's rows, so that it makes no difference in which order their writes happen. */
export type Wave = readonly CompiledUnit[];

/** Cuts the units of a call into waves, which happen one after the other. */
export function wavesOf(units: readonly CompiledUnit[]): readonly Wave[] {
  const waves: CompiledUnit[][] = [];
  let seen = new Traces();
  for (const unit of units) {
    const wave = waves.at(-1);
    if (wave === undefined || wave.length >= unitsPerWave || seen.meets(unit)) {
      waves.push([unit]);
      seen = new Traces();
    } else wave.push(unit);
    seen.add(unit);
  }
  return waves;
}

/** What the units of a wave touch. */
class Traces {
  readonly #written = new Set<string>();
  readonly #required = new Set<string>();
  readonly #reshaped = new Set<string>();
  readonly #searched = new Set<string>();
  readonly #filled = new Set<string>();

  add(unit: CompiledUnit): void {
    for (const row of unit.written) this.#written.add(row);
    for (const row of unit.required) this.#required.add(row);
    for (const table of unit.reshaped) this.#reshaped.add(table);
    for (const table of unit.searched) this.#searched.add(table);
    for (const table of unit.filled) this.#filled.add(table);
  }

  meets(unit: CompiledUnit): boolean {
    return (
      meet(unit.written, this.#written) ||
      meet(unit.written, this.#required) ||
      meet(unit.required, this.#written) ||
      // Which rows a search finds, or a fill finds in its way, depends on what came and went before.
      meet(unit.searched, this.#reshaped) ||
      meet(unit.reshaped, this.#searched) ||
      isInTheWay(unit, this.#filled, this.#reshaped)
    );
  }
}

function meet(some: ReadonlySet<string>, others: ReadonlySet<string>): boolean {
  for (const item of some) if (others.has(item)) return true;
  return false;
}

/** Fills of one table by several units are one statement, which keeps their order. */
function isInTheWay(unit: CompiledUnit, filled: ReadonlySet<string>, reshaped: ReadonlySet<string>): boolean {
  for (const table of unit.filled) if (reshaped.has(table) && !filled.has(table)) return true;
  for (const table of unit.reshaped) if (filled.has(table) && !unit.filled.has(table)) return true;
  return false;
}
