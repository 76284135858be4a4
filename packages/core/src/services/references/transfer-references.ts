import { z } from "zod";
import type { TestObject } from "../../domain/test-object.ts";
import { hostId, parseInput } from "../../input/parse-input.ts";
import type { ReferenceRow } from "../../storage/rows/reference-rows.ts";
import { commitAttempts, commitEach, tooManyWriters } from "../commit-plan.ts";
import { findByKeys } from "../find-by-keys.ts";
import type { TransferReferencesRequest, TransferReferencesResult } from "../references-types.ts";
import type { ServiceContext } from "../service-context.ts";
import { testObject } from "./add-references.ts";
import { authoriseAll, visibleReferences } from "./object-references.ts";
import { planTransfers, type TransferMode } from "./plan-transfers.ts";

const request = z.strictObject({ from: z.object({ type: hostId, id: hostId }), to: testObject });

/** Moves or copies all references of one object to another, a part at a time. */
export async function transferReferences(
  context: ServiceContext,
  input: TransferReferencesRequest,
  mode: TransferMode,
): Promise<TransferReferencesResult> {
  const { authoriser, actor, scope } = context;
  const { from, to } = parseInput(request, input, "request");
  const target = { kind: "reference", tenantId: scope.tenantId, projectIds: [to.projectId] } as const;
  await authoriser.authorise(actor, "reference.add", target);
  await authoriseAll(context, from, mode === "move" ? "reference.remove" : "reference.list");
  const total: Total = { transferred: 0, merged: 0, kept: [] };
  for await (const rows of visibleReferences(context, from)) {
    await transferPart(
      context,
      rows.filter((row) => !isThere(row, to)),
      to,
      mode,
      total,
    );
  }
  return total;
}

type Total = { -readonly [Key in keyof TransferReferencesResult]: TransferReferencesResult[Key] };

async function transferPart(
  context: ServiceContext,
  rows: readonly ReferenceRow[],
  to: TestObject,
  mode: TransferMode,
  total: Total,
): Promise<void> {
  const { runtime, scope } = context;
  let remaining = rows;
  for (let attempt = 0; attempt < commitAttempts && remaining.length > 0; attempt += 1) {
    const { plans, kept } = await planTransfers(context, remaining, to, mode);
    total.kept = [...total.kept, ...kept];
    const { done, lost } = await commitEach(runtime, scope, plans);
    const merged = done.filter((plan) => plan.merged).length;
    total.merged += merged;
    total.transferred += done.length - merged;
    // Somebody else was faster: perhaps the issue was merged with another, perhaps the reference is gone.
    remaining = await readAgain(
      context,
      lost.map(({ row }) => row),
    );
  }
  const error = tooManyWriters(`reference.${mode}`);
  total.kept = [...total.kept, ...remaining.map(({ id }) => ({ referenceId: id, error }))];
}

async function readAgain(context: ServiceContext, rows: readonly ReferenceRow[]): Promise<readonly ReferenceRow[]> {
  if (rows.length === 0) return [];
  const { runtime, scope } = context;
  const keys = rows.map(({ id }) => [id]);
  const now = await findByKeys(runtime.storage, scope, "reference", "id", keys);
  return now.filter((row) =>
    rows.some(
      ({ id, objectType, objectId }) => id === row.id && objectType === row.objectType && objectId === row.objectId,
    ),
  );
}

function isThere(row: ReferenceRow, to: TestObject): boolean {
  return row.objectType === to.type && row.objectId === to.id && row.projectId === to.projectId;
}
