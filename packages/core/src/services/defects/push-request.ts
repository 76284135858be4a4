import { isDeepStrictEqual } from "node:util";
import type { JsonObject } from "../../domain/json.ts";
import { targetOfProject } from "../../engine/link-mapping.ts";
import { invalidInput } from "../../input/parse-input.ts";
import type { Write } from "../../storage/commit.ts";
import type { LinkRow } from "../../storage/rows/link-rows.ts";
import type { SourceRow, TargetRow } from "../../storage/rows/source-rows.ts";
import type { Plan } from "../commit-plan.ts";
import { checkPushValues } from "../forms/push-values.ts";
import { rememberFields } from "../forms/remembered.ts";
import type { ServiceContext } from "../service-context.ts";
import { markLink } from "./new-link.ts";
import { withAttachments } from "./push-attachments.ts";
import type { ParsedAttachment } from "./push-input.ts";
import { quietLink } from "./quiet-link.ts";

/** What goes along with a push, parsed. */
export interface PushRequest {
  readonly fields?: JsonObject;
  readonly attachments?: readonly ParsedAttachment[];
}

interface Place {
  readonly link: LinkRow;
  readonly source: SourceRow;
  /** Null where the project has none any more: nothing can be checked, and nothing created. */
  readonly target: TargetRow | null;
}

function refuseFields(message: string): never {
  throw invalidInput("push options", [{ path: ["fields"], message }]);
}

/** The fields of a link after the push. Once they may be at the tracker, other ones come too late. */
async function nextFields(
  context: ServiceContext,
  { link, source, target }: Place,
  given: JsonObject,
): Promise<JsonObject> {
  const isAsked = link.issueId !== null || link.intent !== null;
  if (isAsked && isDeepStrictEqual(given, link.fields)) return link.fields;
  if (link.issueId !== null) refuseFields("are for a new issue, and the defect has its issue already; change it there");
  if (link.intent !== null) refuseFields("come too late: the issue was asked for, and its fate is not known yet");
  if (target !== null) await checkPushValues(context, { source, target }, given);
  return given;
}

/**
 * What a push changes of its link, and what is written beside it.
 * @throws BackrefError `invalid-input`, `capability-missing`
 */
export async function requestOf(
  context: ServiceContext,
  place: Place,
  { fields, attachments = [] }: PushRequest,
): Promise<{ readonly set: Partial<LinkRow>; readonly write: readonly Write[] }> {
  const { link, source } = place;
  const next = fields === undefined ? link.fields : await nextFields(context, place, fields);
  const files = withAttachments(context, source, link.attachments, attachments);
  return {
    set: {
      ...(next === link.fields ? {} : { fields: next }),
      ...(files === link.attachments ? {} : { attachments: files }),
    },
    write:
      next === link.fields || fields === undefined
        ? []
        : await rememberFields(context, { sourceId: source.id, projectId: link.projectId }, fields),
  };
}

/** Adds what is given to a link that exists, and makes it due where that changes anything. */
export async function addToLink(context: ServiceContext, found: LinkRow, request: PushRequest): Promise<Plan<LinkRow>> {
  const { runtime, scope } = context;
  const nothing = { unit: null, events: [], result: found };
  if (request.fields === undefined && (request.attachments ?? []).length === 0) return nothing;
  const read = async () => (await runtime.storage.find(scope, { table: "link", by: "id", keys: [[found.id]] }))[0];
  const link = await quietLink(context, read);
  if (link === undefined) return nothing;
  const [[source], targets] = await Promise.all([
    runtime.storage.find(scope, { table: "source", by: "id", keys: [[link.sourceId]] }),
    runtime.storage.find(scope, { table: "target", by: "source", keys: [[link.sourceId]] }),
  ]);
  if (source === undefined) return nothing;
  const target = targets.find(({ id }) => id === link.targetId) ?? targetOfProject(targets, link.projectId);
  const { set, write } = await requestOf(context, { link, source, target }, request);
  // A link that stands still for what was wrong with its fields is tried again, also with the same ones.
  const isBlocked = link.issueId === null && link.failure !== null && request.fields !== undefined;
  if (Object.keys(set).length === 0 && !isBlocked) return { ...nothing, result: link };
  return {
    unit: {
      require: [{ table: "link", id: link.id, match: { fence: link.fence, leaseOwner: null, active: 1 } }],
      write: [
        { type: "update", table: "link", id: link.id, set },
        ...write,
        markLink(link.id, { reset: true, look: link.issueId !== null }),
      ],
    },
    events: [],
    result: { ...link, ...set },
  };
}
