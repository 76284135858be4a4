import type { CommitOutcome, CommitUnit, Requirement, Write } from "@backref/core/storage";
import type { Database } from "./database.ts";
import { readDocument } from "./documents.ts";
import { applyWrite, type Failure } from "./row-writes.ts";
import { applyBlock, applyMark, applyRelease } from "./work-writes.ts";

/** Answers what happened. What a failed unit had written before it failed is undone. */
export function commitUnit(database: Database, tenantId: string, now: number, unit: CommitUnit): CommitOutcome {
  return database.inSavepoint(
    () => applyUnit(database, tenantId, now, unit),
    ({ status }) => status !== "committed",
  );
}

function applyUnit(database: Database, tenantId: string, now: number, unit: CommitUnit): CommitOutcome {
  for (const requirement of unit.require ?? []) {
    if (!holds(database, tenantId, requirement)) {
      return { status: "stale", table: requirement.table, id: requirement.id };
    }
  }
  let skipped = 0;
  for (const write of unit.write) {
    const result = apply(database, tenantId, now, write);
    if (result === "skipped") skipped += 1;
    else if (result !== "done") return result;
  }
  return { status: "committed", skipped };
}

function holds(database: Database, tenantId: string, { table, id, match }: Requirement): boolean {
  const existing = readDocument(database, table, tenantId, id);
  return existing !== null && Object.entries(match).every(([column, value]) => existing[column] === value);
}

function apply(database: Database, tenantId: string, now: number, write: Write): "done" | "skipped" | Failure {
  switch (write.type) {
    case "mark":
      return applyMark(database, tenantId, now, write);
    case "release":
      return applyRelease(database, tenantId, now, write);
    case "block":
      return applyBlock(database, tenantId, now, write);
    default:
      return applyWrite(database, tenantId, write);
  }
}
