import { Buffer } from "node:buffer";
import type { IssueAddress, IssueSnapshot, RemoteState } from "@backref/core/provider";
import { parseShape } from "@backref/provider-kit";
import { z } from "zod";
import { bodyFieldOf, fieldNames, splitTags } from "./fields.ts";
import { type AzureDevOpsPerson, mapPerson, personShape } from "./map-person.ts";
import { hasOwnPart } from "./marker.ts";
import { idShape, timeShape } from "./shapes.ts";
import type { Deployment } from "./site.ts";
import { guessFormat, type RichText, type TextFormat } from "./text.ts";
import type { AzureDevOpsOptions } from "./types.ts";
import { categoryOf, type TypeState } from "./work-item-types.ts";

/** A work item as an answer has it. What was not asked for, or has no value, is missing. */
export interface WorkItem {
  readonly id: string;
  readonly rev: number;
  readonly fields: WorkItemFields & Readonly<Record<string, unknown>>;
  /** How long texts are written, by field; Server does not tell. */
  readonly multilineFieldsFormat?: Readonly<Record<string, string>> | null | undefined;
  readonly relations?: readonly WorkItemRelation[] | null | undefined;
}

export interface WorkItemRelation {
  readonly rel: string;
  readonly url: string;
  readonly attributes?: Readonly<Record<string, unknown>> | null | undefined;
}

/** Those that snapshots are made of, beside the one for the description. Times are milliseconds since 1970 UTC. */
interface WorkItemFields {
  readonly "System.Title"?: string | null | undefined;
  readonly "System.State": string;
  readonly "System.Reason"?: string | null | undefined;
  readonly "System.WorkItemType": string;
  readonly "System.TeamProject": string;
  readonly "System.AssignedTo"?: AzureDevOpsPerson | null | undefined;
  readonly "System.Tags"?: string | null | undefined;
  readonly "Microsoft.VSTS.Common.Priority"?: number | null | undefined;
  readonly "System.CreatedBy"?: AzureDevOpsPerson | null | undefined;
  readonly "System.CreatedDate": number;
  readonly "System.ChangedDate": number;
  readonly "System.CommentCount"?: number | null | undefined;
}

const itemShape: z.ZodType<WorkItem> = z.object({
  id: idShape,
  rev: z.number().int(),
  fields: z.looseObject({
    [fieldNames.title]: z.string().nullish(),
    [fieldNames.state]: z.string(),
    [fieldNames.reason]: z.string().nullish().catch(null),
    [fieldNames.type]: z.string(),
    [fieldNames.project]: z.string(),
    [fieldNames.assignedTo]: personShape.nullish().catch(null),
    [fieldNames.tags]: z.string().nullish().catch(null),
    [fieldNames.priority]: z.number().nullish().catch(null),
    [fieldNames.createdBy]: personShape.nullish().catch(null),
    [fieldNames.createdDate]: timeShape,
    [fieldNames.changedDate]: timeShape,
    [fieldNames.commentCount]: z.number().int().nullish().catch(null),
  }),
  multilineFieldsFormat: z.record(z.string(), z.string()).nullish().catch(null),
  relations: z
    .array(z.object({ rel: z.string(), url: z.string(), attributes: z.record(z.string(), z.unknown()).nullish() }))
    .nullish()
    .catch(null),
});

export function parseItem(data: unknown): WorkItem {
  return parseShape(itemShape, data, "work item");
}

export interface MappingContext {
  readonly deployment: Deployment;
  readonly options: AzureDevOpsOptions;
  readonly richText: RichText;
  /** Of a type in a project. */
  readonly statesOf: (container: string, type: string) => readonly TypeState[];
}

export function mapItem(item: WorkItem, context: MappingContext): IssueSnapshot {
  const { fields } = item;
  const { text, format } = bodyOf(item, context);
  const assignee = fields[fieldNames.assignedTo];
  const author = fields[fieldNames.createdBy];
  const priority = fields[fieldNames.priority];
  const memory: Memory = remember(item, context);
  return {
    remoteId: item.id,
    container: fields[fieldNames.project],
    item: item.id,
    title: fields[fieldNames.title] ?? "",
    body: context.richText.read(text, format),
    state: mapState(item, context),
    priority: priority == null ? null : String(priority),
    labels: [...splitTags(memory.tags)].sort(),
    type: memory.type,
    assignees: assignee ? [mapPerson(assignee)] : [],
    author: author ? mapPerson(author) : null,
    createdAt: fields[fieldNames.createdDate],
    updatedAt: fields[fieldNames.changedDate],
    version: item.rev,
    commentCount: fields[fieldNames.commentCount] ?? null,
    raw: Buffer.byteLength(JSON.stringify(memory)) <= longestMemory ? { ...memory } : null,
  };
}

function mapState({ fields }: WorkItem, { statesOf }: MappingContext): RemoteState {
  const name = fields[fieldNames.state];
  const category = categoryOf(name, statesOf(fields[fieldNames.project], fields[fieldNames.type]));
  return { id: name, name, category, reason: category === "closed" ? fields[fieldNames.reason] || null : null };
}

const longTexts = [fieldNames.description, fieldNames.reproSteps] as const;

/** The description of an item, as it is kept. */
export function bodyOf(
  item: WorkItem,
  { deployment, options }: Pick<MappingContext, "deployment" | "options">,
): { readonly text: string; readonly format: TextFormat } {
  const usual = bodyFieldOf(item.fields[fieldNames.type], options);
  const textOf = (name: string) => String(item.fields[name] ?? "");
  // A change of the type leaves the text behind where no form shows it. Whatever is written next goes to the usual field.
  const isLeftBehind = (name: string) => name !== usual && hasOwnPart(textOf(name));
  const former = textOf(usual) === "" ? longTexts.find(isLeftBehind) : undefined;
  const field = former ?? usual;
  const text = textOf(field);
  if (deployment === "server") return { text, format: "html" };
  const told = text === "" ? undefined : item.multilineFieldsFormat?.[field]?.toLowerCase();
  return { text, format: told === "markdown" || told === "html" ? told : guessFormat(text) };
}

/**
 * What a change of an item depends on beside its revision. It is handed back with the address, so a change that comes with
 * that very revision needs no look.
 */
export interface Memory {
  readonly rev: number;
  readonly type: string;
  readonly state: string;
  readonly tags: string;
  /** Id of the person; null for nobody. */
  readonly assignee: string | null;
  readonly hasPriority: boolean;
  readonly format: TextFormat;
  /** Writing the body anew loses nothing of it. */
  readonly isPlain: boolean;
}

const memoryShape: z.ZodType<Memory> = z.object({
  rev: z.number(),
  type: z.string(),
  state: z.string(),
  tags: z.string(),
  assignee: z.string().nullable(),
  hasPriority: z.boolean(),
  format: z.enum(["markdown", "html"]),
  isPlain: z.boolean(),
});

/** Core stores 8 KB at most. */
const longestMemory = 6_000;

export function remember(item: WorkItem, context: Omit<MappingContext, "statesOf">): Memory {
  const { fields, rev } = item;
  const { text, format } = bodyOf(item, context);
  const assignee = fields[fieldNames.assignedTo];
  return {
    rev,
    type: fields[fieldNames.type],
    state: fields[fieldNames.state],
    tags: fields[fieldNames.tags] ?? "",
    assignee: assignee ? mapPerson(assignee).id : null,
    hasPriority: fields[fieldNames.priority] != null,
    format,
    isPlain: format === "markdown" || context.richText.isOwnForm(text),
  };
}

/** What is known of the item at this revision; null where only a look tells. */
export function recall({ raw }: IssueAddress, rev: number | null): Memory | null {
  const found = memoryShape.safeParse(raw);
  return found.success && found.data.rev === rev ? found.data : null;
}
