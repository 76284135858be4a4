import {
  type BlockWrite,
  type MarkWrite,
  type ReleaseWrite,
  type ReserveRequest,
  type ReserveResult,
  reserveUnits,
  type WorkColumns,
} from "@backref/core/storage";
import type { Database } from "./database.ts";
import { type Document, readDocument, takenKey, toDocument, writeDocument } from "./documents.ts";
import { findDocuments } from "./find-documents.ts";
import type { Failure } from "./row-writes.ts";

/** A row of a work table, with the columns of links that pollScope has not. */
type WorkDocument = Document &
  WorkColumns & { readonly checkIssue?: boolean; readonly checkComments?: boolean; readonly hintVersion?: number };

export function applyMark(database: Database, tenantId: string, now: number, write: MarkWrite): "done" {
  const { table, exceptId, afterMs, checkIssue, checkComments, version, reset } = write;
  for (const document of findDocuments(database, tenantId, write)) {
    const row = document as WorkDocument;
    if (row["id"] === exceptId || (row["endedAt"] ?? null) !== null) continue;
    const ofLinks = {
      checkIssue: row.checkIssue === true || checkIssue === true,
      checkComments: row.checkComments === true || checkComments === true,
      hintVersion: Math.max(row.hintVersion ?? 0, version ?? 0),
      ...(reset === true ? { attempts: 0, failure: null } : {}),
    };
    writeDocument(database, table, {
      ...row,
      ...(table === "link" ? ofLinks : {}),
      mark: row.mark + 1,
      dueAt: Math.min(row.dueAt ?? Number.POSITIVE_INFINITY, now + afterMs),
    });
  }
  return "done";
}

export function applyRelease(database: Database, tenantId: string, now: number, write: ReleaseWrite): "done" | Failure {
  const { table, id, fence, seenMark, nextAfterMs } = write;
  const row = readDocument(database, table, tenantId, id) as WorkDocument | null;
  if (row === null || row.fence !== fence) return { status: "stale", table, id };
  const set = toDocument(write.set) as Partial<WorkDocument>;
  const isMarkedSince = row.mark !== seenMark;
  const flag = (name: "checkIssue" | "checkComments") => (isMarkedSince && row[name] === true) || set[name] === true;
  const next = {
    ...row,
    ...set,
    ...(table === "link" ? { checkIssue: flag("checkIssue"), checkComments: flag("checkComments") } : {}),
    mark: row.mark,
    fence: row.fence,
    dueAt: isMarkedSince ? now : nextAfterMs === null ? null : now + nextAfterMs,
    leaseOwner: null,
    leaseUntil: null,
  } as Document;
  const key = takenKey(database, table, next);
  if (key !== null) return { status: "taken", table, key };
  writeDocument(database, table, next);
  return "done";
}

export function applyBlock(database: Database, tenantId: string, now: number, write: BlockWrite): "done" {
  const { budgetId, forMs, reason } = write;
  const budget = readBudget(database, tenantId, budgetId);
  const until = now + forMs;
  if (until > Number(budget["blockedUntil"]))
    writeDocument(database, "budget", { ...budget, blockedUntil: until, reason });
  return "done";
}

export function reserve(database: Database, now: number, request: ReserveRequest): ReserveResult {
  const budget = readBudget(database, request.tenantId, request.budgetId);
  const { waits, windows } = reserveUnits(budget["windows"] ?? null, request, now);
  writeDocument(database, "budget", { ...budget, windows });
  return { waits };
}

function readBudget(database: Database, tenantId: string, id: string): Document {
  return readDocument(database, "budget", tenantId, id) ?? { tenantId, id, blockedUntil: 0, reason: "", windows: null };
}
