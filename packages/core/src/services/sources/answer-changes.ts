import { z } from "zod";
import { describeActivity } from "../../activity/activity.ts";
import { parseInput } from "../../input/parse-input.ts";
import type { GuardAnswer, SourceRow } from "../../storage/rows/source-rows.ts";
import { commitPlan } from "../commit-plan.ts";
import { actorIdOf, type ServiceContext } from "../service-context.ts";
import type { DeclineChangesRequest } from "../sources-types.ts";
import { loadSource } from "./source-rows.ts";

const declineRequest: z.ZodType<DeclineChangesRequest> = z.strictObject({ keep: z.enum(["defects", "apart"]) });

export function parseDecline(request: unknown): DeclineChangesRequest {
  return parseInput(declineRequest, request, "request");
}

/** Answers for all links whose changes wait, in one commit; what each of them does about it is the engine's part. */
export async function answerChanges(context: ServiceContext, id: string, answer: GuardAnswer): Promise<SourceRow> {
  const { runtime, actor, scope } = context;
  return await commitPlan(runtime, scope, "source.update", async () => {
    const before = await loadSource(context, id, "source.update");
    const { heldSince, guardEpoch } = before;
    if (heldSince === null) return { unit: null, events: [], result: before };
    const set = {
      heldSince: null,
      heldReason: null,
      guardEpoch: guardEpoch + 1,
      guardAnswers: [...before.guardAnswers, answer],
    };
    const subject = { tenantId: scope.tenantId, actorId: actorIdOf(actor), sourceId: id };
    return {
      unit: {
        require: [{ table: "source", id, match: { heldSince, guardEpoch } }],
        write: [
          { type: "update", table: "source", id, set },
          { type: "mark", table: "link", by: "held", keys: [[id, guardEpoch]], afterMs: 0, checkIssue: true },
        ],
      },
      events: [describeActivity(runtime, "source-released", subject, { answer })],
      result: { ...before, ...set },
    };
  });
}
