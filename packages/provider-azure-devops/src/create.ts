import type { CreateGroup, CreateIssueRequest, FieldWarning } from "@backref/core/provider";
import type { Operation } from "@backref/provider-kit";
import type { AzureDevOpsCall, PatchStep } from "./client.ts";
import {
  badTags,
  droppedFields,
  extraFields,
  newFormat,
  prioritySteps,
  setField,
  setText,
  titleOf,
  unknownPerson,
} from "./create-fields.ts";
import { projectUnknown } from "./errors.ts";
import type { FieldCatalogue } from "./field-catalogue.ts";
import { bodyFieldOf, fieldNames, isTag } from "./fields.ts";
import { findCreated } from "./find-created.ts";
import { parseItem } from "./map-issue.ts";
import { markerStep } from "./marker.ts";
import type { People } from "./people.ts";
import type { OpenReader, Reader } from "./reader.ts";
import { segment } from "./site.ts";
import type { AzureDevOpsAuth, AzureDevOpsOptions } from "./types.ts";
import { sendWithoutRefused } from "./without-refused.ts";

export interface CreateParts {
  readonly people: People;
  readonly catalogue: FieldCatalogue;
}

export function createCreateGroup(
  openReader: OpenReader,
  parts: CreateParts,
): CreateGroup<AzureDevOpsAuth, AzureDevOpsOptions> {
  return {
    /** One request that makes the item with all that belongs to it. Its state is the first of its type. */
    async create(call: AzureDevOpsCall, request) {
      const reader = await openReader(call);
      const type = request.type ?? call.options.workItemType;
      const operation = createOperation(request.container, type);
      const { steps, warnings, assigneeId, bodyAsRead } = await stepsOf(call, reader, request, {
        type,
        operation,
        parts,
      });
      // Read before, since what fails after the create would leave it in doubt.
      await reader.statesOf(operation, request.container, type);
      const path = `/${segment(request.container)}/_apis/wit/workitems/$${segment(type)}`;
      const sent = await sendWithoutRefused(steps, (patch) =>
        reader.client.request(operation, "POST", path, { patch }),
      );
      const issue = await reader.mapOne(operation, sent.answer.as(parseItem));
      const dropped = droppedFields(issue, {
        ...(sent.leftOut.includes("labels") ? {} : { labels: request.labels.filter(isTag) }),
        ...(sent.leftOut.includes("assignees") ? {} : { assigneeId }),
        priority: request.priority,
      });
      const bodyAsSent = issue.body === bodyAsRead;
      return { issue, warnings: [...warnings, ...sent.warnings, ...dropped], bodyAsSent };
    },

    findCreated: async (call: AzureDevOpsCall, request) => findCreated(await openReader(call), request),
  };
}

async function stepsOf(
  call: AzureDevOpsCall,
  reader: Reader,
  request: CreateIssueRequest,
  { type, operation, parts }: { readonly type: string; readonly operation: Operation; readonly parts: CreateParts },
): Promise<{
  readonly steps: readonly PatchStep[];
  readonly warnings: readonly FieldWarning[];
  readonly assigneeId: string | null;
  /** What the description reads as if it stands there as it is sent. */
  readonly bodyAsRead: string;
}> {
  const { client, deployment, richText } = reader;
  const { container, priority, assigneeIds } = request;
  const bodyField = bodyFieldOf(type, call.options);
  const format = newFormat(deployment);
  const body = richText.write(request.body, format, null);
  const hasTexts = Object.values(request.fields).some((value) => typeof value === "string");
  const longTexts = hasTexts ? await parts.catalogue.longTexts(call, client, operation, container) : new Set<string>();
  const isBug = type.toLowerCase() === "bug";
  const tags = request.labels.filter(isTag);
  const [wanted, ...others] = assigneeIds;
  const address = { container, id: wanted ?? "" };
  const name = wanted === undefined ? null : await parts.people.uniqueNameOf(call, client, operation, address);
  const surplus =
    others.length > 0 ? [{ field: "assignees", message: "Work items have one assignee: the first." } as const] : [];
  const nobody = wanted !== undefined && name === null ? [unknownPerson] : [];
  const own = [
    setField(fieldNames.title, titleOf(request.title)),
    ...(body === "" ? [] : setText(bodyField, body, format, deployment)),
    ...(tags.length > 0 ? [setField(fieldNames.tags, tags.join("; "))] : []),
    ...(priority === null
      ? []
      : prioritySteps(operation, priority, { setsSeverity: call.options.setsSeverity, isBug })),
    ...(name === null ? [] : [setField(fieldNames.assignedTo, name)]),
  ];
  const extra = extraFields(operation, request, { own, bodyField, longTexts, deployment, richText });
  return {
    steps: [...own, ...extra, markerStep(request, call.baseUrl)],
    warnings: [...badTags(request.labels), ...surplus, ...nobody],
    assigneeId: name === null ? null : (wanted ?? null),
    bodyAsRead: richText.read(body, format),
  };
}

function createOperation(container: string, type: string): Operation {
  const message = `Project ${container} was not found, it has no type "${type}", or the account may not see it: check both names.`;
  return { name: "issue.create", isWrite: true, explain: { 404: { ...projectUnknown(container), message } } };
}
