import { describeActivity } from "../activity/activity.ts";
import { recordInterrupted } from "../engine/conflict-row.ts";
import { inBatches } from "../issues/read-batch.ts";
import type { LinkRow } from "../storage/rows/link-rows.ts";
import { commitEach } from "./commit-plan.ts";
import { actorIdOf, type ServiceContext } from "./service-context.ts";

const linksAtOnce = 500;

/** Ends living links that somebody else's end takes with it. Those that ended meanwhile stay as they are. */
export async function detachLinks(context: ServiceContext, links: readonly LinkRow[], reason: string): Promise<void> {
  const { runtime, actor, scope } = context;
  const endedAt = runtime.clock.now();
  const actorId = actorIdOf(actor);
  const planOf = (link: LinkRow) => {
    const { id: linkId, sourceId, defectId } = link;
    const losers = recordInterrupted(runtime, link, actorId);
    const subject = { tenantId: scope.tenantId, actorId, sourceId, defectId, linkId };
    return {
      unit: {
        require: [{ table: "link" as const, id: linkId, match: { active: 1 as const } }],
        write: [
          { type: "update" as const, table: "link" as const, id: linkId, set: { active: null, endedAt } },
          ...losers.write,
        ],
      },
      events: [...losers.events, describeActivity(runtime, "link-detached", subject, { reason })],
    };
  };
  for (const part of inBatches(links, linksAtOnce)) await commitEach(runtime, scope, part.map(planOf));
}
