import { z } from "zod";
import { describeActivity } from "../../activity/activity.ts";
import { type FieldValue, syncFields } from "../../domain/fields.ts";
import type { JsonObject } from "../../domain/json.ts";
import { waitingAgain } from "../../engine/attachment-state.ts";
import { recordConflict, recordInterrupted } from "../../engine/conflict-row.ts";
import type { SyncEngine } from "../../engine/engine.ts";
import { mappingOfLink } from "../../engine/link-mapping.ts";
import { BackrefError } from "../../errors/backref-error.ts";
import type { ActivityEvent, ActivityType } from "../../events/event-bus.ts";
import { invalidInput, parseInput } from "../../input/parse-input.ts";
import { resolveSourceCapabilities } from "../../provider/resolved-capabilities.ts";
import { providerFor } from "../../runtime/source-provider.ts";
import type { Action } from "../../security/actions.ts";
import type { Write } from "../../storage/commit.ts";
import type { BasePair, LinkRow } from "../../storage/rows/link-rows.ts";
import { commitPlan } from "../commit-plan.ts";
import { actorIdOf, type ServiceContext } from "../service-context.ts";
import { loadLink } from "./defect-access.ts";
import type { DefectLinksService, SyncLink } from "./defects-types.ts";
import { viewLink } from "./link-view.ts";
import { markLink } from "./new-link.ts";
import { quietLink } from "./quiet-link.ts";

interface LinkChange {
  readonly action: Action;
  readonly type: ActivityType;
  readonly plan: (link: LinkRow) => PlannedChange | Promise<PlannedChange>;
  /** True where the link is so already: nothing is written and nothing told. */
  readonly isDone?: (link: LinkRow) => boolean;
  /** It changes what a worker may be about to write, so it waits until nobody holds the link. */
  readonly needsQuiet?: true;
}

interface PlannedChange {
  readonly set: Partial<LinkRow>;
  /** Further writes, after the change. */
  readonly write?: readonly Write[];
  /** Told before the fact itself. */
  readonly events?: readonly ActivityEvent[];
  /** What the activity log tells beside the fact. */
  readonly data?: JsonObject;
}

async function changeLink(
  context: ServiceContext,
  engine: SyncEngine,
  linkId: string,
  change: LinkChange,
): Promise<SyncLink> {
  const { runtime, actor, scope } = context;
  await commitPlan(runtime, scope, change.action, async () => {
    const link = change.needsQuiet
      ? await quietLink(context, () => loadLink(context, linkId, change.action))
      : await loadLink(context, linkId, change.action);
    if (change.isDone?.(link) === true) return { unit: null, events: [], result: undefined };
    if (link.active === null) throw ended(link);
    const { set, write = [], events = [], data = {} } = await change.plan(link);
    const subject = {
      tenantId: scope.tenantId,
      actorId: actorIdOf(actor),
      sourceId: link.sourceId,
      defectId: link.defectId,
      linkId: link.id,
    };
    const event = describeActivity(runtime, change.type, subject, data);
    return {
      unit: {
        require: [
          { table: "link", id: link.id, match: change.needsQuiet ? { fence: link.fence, leaseOwner: null } : {} },
        ],
        write: [{ type: "update", table: "link", id: link.id, set }, ...write],
      },
      events: [...events, event],
      result: undefined,
    };
  });
  engine.doorbell.ring();
  const [row] = await runtime.storage.find(scope, { table: "link", by: "id", keys: [[linkId]] });
  return viewLink(context, row ?? (await loadLink(context, linkId, change.action)));
}

const resolveRequest: z.ZodType<Parameters<DefectLinksService["resolve"]>[1]> = z.strictObject({
  field: z.enum(syncFields),
  winner: z.enum(["local", "remote"]),
});

function ended(link: LinkRow): BackrefError {
  return new BackrefError({
    code: "link-detached",
    message: "This link was detached and cannot be changed. Push the defect again with { afterDetach } to begin anew.",
    data: { linkId: link.id, defectId: link.defectId },
  });
}

interface Resolution {
  /** What both sides have to have agreed on for the chosen side to be the only one that changed. */
  readonly base: BasePair;
  readonly local: FieldValue;
  /** As it would come in. */
  readonly remote: FieldValue;
}

/** Stands for a local value without counterpart: the tracker says something else, also where it says nothing. */
const unlikeAny = (remote: FieldValue): FieldValue => (Array.isArray(remote) ? ["unmapped:"] : "unmapped:");

async function resolutionOf(
  context: ServiceContext,
  link: LinkRow,
  request: { readonly field: string; readonly winner: "local" | "remote" },
): Promise<Resolution> {
  const { runtime, scope } = context;
  const [[source], targets, [issue], [defect]] = await Promise.all([
    runtime.storage.find(scope, { table: "source", by: "id", keys: [[link.sourceId]] }),
    runtime.storage.find(scope, { table: "target", by: "source", keys: [[link.sourceId]] }),
    runtime.storage.find(scope, { table: "issue", by: "id", keys: link.issueId === null ? [] : [[link.issueId]] }),
    runtime.defects.read(scope, [link.defectId]),
  ]);
  const snapshot = issue?.snapshot ?? null;
  if (source === undefined || snapshot === null || defect === undefined) {
    throw invalidInput("resolve", [{ path: ["linkId"], message: "the link has no issue or no defect to choose from" }]);
  }
  const capabilities = resolveSourceCapabilities(providerFor(runtime, source), source.options);
  const identities = await runtime.identities.bookOf(scope, source);
  const { codecs } = mappingOfLink({ runtime, capabilities, source, targets, link, identities });
  const codec = codecs.find((candidate) => candidate.field === request.field);
  if (codec === undefined || !link.frozen.includes(codec.field)) {
    const frozen = link.frozen.join(", ") || "none";
    throw invalidInput("resolve", [{ path: ["field"], message: `is not in conflict (frozen: ${frozen})` }]);
  }
  const remote = codec.readRemote(snapshot);
  const local = defect[codec.field] ?? null;
  const incoming = codec.fromRemote(remote) ?? null;
  // Marked as apart, so that a mapping changed meanwhile does not take what the issue says for agreed on, and the choice away.
  const base: BasePair =
    request.winner === "local"
      ? { local: incoming, remote }
      : { local, remote: codec.toRemote(local) ?? unlikeAny(remote), isApart: true };
  return { base, local, remote: incoming };
}

/** What people do to links by hand. */
export function createLinkChanges(
  context: ServiceContext,
  engine: SyncEngine,
): Pick<DefectLinksService, "detach" | "pause" | "resume" | "retry" | "resolve"> {
  const { runtime, scope } = context;
  return {
    detach: (linkId) =>
      changeLink(context, engine, linkId, {
        action: "defect.detach",
        type: "link-detached",
        isDone: (link) => link.active === null,
        plan: (link) => ({
          set: { endedAt: runtime.clock.now(), active: null },
          ...recordInterrupted(runtime, link, actorIdOf(context.actor)),
        }),
      }),
    pause: (linkId) =>
      changeLink(context, engine, linkId, {
        action: "link.pause",
        type: "link-paused",
        isDone: (link) => link.active === 1 && link.pausedAt !== null,
        plan: () => ({ set: { pausedAt: runtime.clock.now() } }),
      }),
    resume: (linkId) =>
      changeLink(context, engine, linkId, {
        action: "link.resume",
        type: "link-resumed",
        isDone: (link) => link.active === 1 && link.pausedAt === null,
        plan: (link) => ({ set: { pausedAt: null }, write: [markLink(link.id, { reset: true, look: true })] }),
      }),
    retry: (linkId) =>
      changeLink(context, engine, linkId, {
        action: "link.retry",
        type: "link-retried",
        needsQuiet: true,
        async plan(link) {
          const rows = await runtime.storage.find(scope, { table: "commentLink", by: "link", keys: [[link.id]] });
          const write: readonly Write[] = [
            ...(link.targetId === null
              ? []
              : [{ type: "update" as const, table: "target" as const, id: link.targetId, set: { labels: null } }]),
            // Forgotten, so that the comment is sent as if for the first time.
            ...rows
              .filter((row) => row.refused !== null && row.remoteId === null)
              .map((row) => ({ type: "delete" as const, table: "commentLink" as const, id: row.id })),
            markLink(link.id, { reset: true, look: true }),
          ];
          const attachments = link.attachments.map((file) => (file.state === "refused" ? waitingAgain(file) : file));
          return { set: { refused: [], failure: null, attempts: 0, attachments }, write };
        },
      }),
    resolve: async (linkId, given) => {
      const request = parseInput(resolveRequest, given, "resolve request");
      return changeLink(context, engine, linkId, {
        action: "link.resolve",
        type: "field-resolved",
        needsQuiet: true,
        async plan(link) {
          const { base, local, remote } = await resolutionOf(context, link, request);
          const set = {
            frozen: link.frozen.filter((field) => field !== request.field),
            base: { ...link.base, [request.field]: base },
            alternations: {},
          };
          // Both sides may have gone on since the field was frozen: what loses now is kept like any other loser.
          const conflict = recordConflict(runtime, link, request.field, {
            base: link.base[request.field]?.local ?? null,
            local,
            remote,
            winner: request.winner,
          });
          return {
            set,
            write: [conflict, markLink(link.id, { reset: true, look: true })],
            data: { field: request.field, winner: request.winner, local, remote },
          };
        },
      });
    },
  };
}
