import type { CommitOutcome, CommitUnit, Write } from "@backref/core/storage";
import type { Database } from "./database.ts";
import { frozenCopy, refuseNul } from "./frozen-copy.ts";
import { applyDelete, applyInsert, applyPut, applyUpdate, checkRequirement } from "./row-writes.ts";
import { UnitFailure, UnitWriter } from "./unit-writer.ts";
import { applyBlock, applyMark, applyRelease } from "./work-writes.ts";

/** Applies units in order. Input that is no data at all refuses the whole call before anything is written. */
export function commitUnits(
  database: Database,
  tenantId: string,
  units: readonly CommitUnit[],
): readonly CommitOutcome[] {
  refuseNul(tenantId);
  const now = database.clock.now();
  const writers: UnitWriter[] = [];
  const outcomes: CommitOutcome[] = [];
  try {
    for (const unit of frozenCopy(units)) {
      const writer = new UnitWriter(database, tenantId, now);
      writers.push(writer);
      outcomes.push(commitUnit(writer, unit));
    }
  } catch (error) {
    for (const writer of writers.reverse()) writer.rollBack();
    throw error;
  }
  return outcomes;
}

function commitUnit(writer: UnitWriter, unit: CommitUnit): CommitOutcome {
  try {
    for (const requirement of unit.require ?? []) checkRequirement(writer, requirement);
    for (const write of unit.write) applyWrite(writer, write);
    return { status: "committed", skipped: writer.skipped };
  } catch (failure) {
    if (!(failure instanceof UnitFailure)) throw failure;
    writer.rollBack();
    return failure.outcome;
  }
}

function applyWrite(writer: UnitWriter, write: Write): void {
  switch (write.type) {
    case "insert":
      applyInsert(writer, write);
      break;
    case "update":
      applyUpdate(writer, write);
      break;
    case "put":
      applyPut(writer, write);
      break;
    case "delete":
      applyDelete(writer, write);
      break;
    case "mark":
      applyMark(writer, write);
      break;
    case "release":
      applyRelease(writer, write);
      break;
    case "block":
      applyBlock(writer, write);
      break;
    default:
      throw new TypeError(`There is no write of type "${String((write as Write).type)}".`);
  }
}
