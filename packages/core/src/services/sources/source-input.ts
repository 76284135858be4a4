import { z } from "zod";
import type { JsonObject } from "../../domain/json.ts";
import type { SyncMappingInput } from "../../domain/mapping.ts";
import { type SourceFeature, sourceFeatures } from "../../domain/source-features.ts";
import { displayName, distinct, hostId } from "../../input/parse-input.ts";
import { mappingSchema as mapping } from "../../mapping/mapping-schema.ts";
import { pageFields } from "../paging.ts";

const name = z.string().min(1).max(255);
const container = z.string().trim().min(1).max(1_000);
const containers = distinct(container).nullable();
const projects = distinct(hostId).nullable();
const baseUrl = z.string().trim().min(1).max(2_000);
const caCertificate = z.string().min(1).max(200_000).nullable();
const features: z.ZodType<readonly SourceFeature[] | null> = distinct(z.enum(sourceFeatures))
  .refine((list) => list.length > 0, "leaves nothing that the source is good for; disable it instead")
  .nullable();
const issueMaxAgeMs = z.number().int().nonnegative().nullable();
const bulkGuardChanges = z.number().int().min(1).max(1_000_000).nullable();
const webhookSecret = z.string().min(16, "must have at least 16 characters").max(1_000);

export interface ParsedTarget {
  readonly projectId: string;
  readonly container: string;
  readonly issueType: string | null;
  readonly defaults: JsonObject;
  readonly mapping: SyncMappingInput;
}

const target: z.ZodType<ParsedTarget> = z.strictObject({
  projectId: hostId,
  container,
  issueType: name.nullable().default(null),
  defaults: z.record(z.string(), z.json()).default({}) as z.ZodType<JsonObject>,
  mapping: mapping.default({}),
});

const targets = z
  .array(target)
  .max(1_000)
  .refine(
    (list) => new Set(list.map((entry) => entry.projectId)).size === list.length,
    "names a project twice; a project has one target per source",
  );

export interface ParsedCreateSource {
  readonly name: string;
  readonly provider: string;
  readonly baseUrl?: string;
  readonly caCertificate: string | null;
  /** Still as given; the provider's form parses it. */
  readonly auth?: unknown;
  readonly options?: unknown;
  readonly containers: readonly string[] | null;
  readonly projects?: readonly string[] | null;
  readonly features: readonly SourceFeature[] | null;
  readonly issueMaxAgeMs: number | null;
  readonly bulkGuardChanges: number | null;
  readonly targets: readonly ParsedTarget[];
  readonly mapping: SyncMappingInput;
  readonly webhookSecret?: string;
}

export const createSourceSchema: z.ZodType<ParsedCreateSource> = z.strictObject({
  name: displayName,
  provider: z.string().min(1).max(255),
  baseUrl: baseUrl.exactOptional(),
  caCertificate: caCertificate.default(null),
  auth: z.unknown().optional(),
  options: z.unknown().optional(),
  containers: containers.default(null),
  projects: projects.exactOptional(),
  features: features.default(null),
  issueMaxAgeMs: issueMaxAgeMs.default(null),
  bulkGuardChanges: bulkGuardChanges.default(null),
  targets: targets.default([]),
  mapping: mapping.default({}),
  webhookSecret: webhookSecret.exactOptional(),
});

export interface ParsedPreview {
  readonly limit?: number;
  readonly cursor?: string;
  readonly mapping?: SyncMappingInput;
  readonly targets: ParsedUpdateSource["targets"];
  readonly fresh: boolean;
}

export interface ParsedUpdateSource {
  readonly name?: string;
  readonly enabled?: boolean;
  readonly baseUrl?: string;
  readonly caCertificate?: string | null;
  readonly auth?: unknown;
  readonly options?: unknown;
  readonly containers?: readonly string[] | null;
  readonly projects?: readonly string[] | null;
  readonly features?: readonly SourceFeature[] | null;
  readonly issueMaxAgeMs?: number | null;
  readonly bulkGuardChanges?: number | null;
  readonly targets: { readonly upsert: readonly ParsedTarget[]; readonly delete: readonly string[] };
  readonly mapping?: SyncMappingInput;
  readonly webhookSecret?: string;
}

const targetChanges: z.ZodType<ParsedUpdateSource["targets"]> = z
  .strictObject({ upsert: targets.default([]), delete: distinct(hostId).default([]) })
  .default({ upsert: [], delete: [] });

export const previewSchema: z.ZodType<ParsedPreview> = z.strictObject({
  limit: z.int().min(1).max(1_000).exactOptional(),
  cursor: pageFields.cursor,
  mapping: mapping.exactOptional(),
  targets: targetChanges,
  fresh: z.boolean().default(true),
});

export const updateSourceSchema: z.ZodType<ParsedUpdateSource> = z.strictObject({
  name: displayName.exactOptional(),
  enabled: z.boolean().exactOptional(),
  baseUrl: baseUrl.exactOptional(),
  caCertificate: caCertificate.exactOptional(),
  auth: z.unknown().optional(),
  options: z.unknown().optional(),
  containers: containers.exactOptional(),
  projects: projects.exactOptional(),
  features: features.exactOptional(),
  issueMaxAgeMs: issueMaxAgeMs.exactOptional(),
  bulkGuardChanges: bulkGuardChanges.exactOptional(),
  targets: targetChanges,
  mapping: mapping.exactOptional(),
  webhookSecret: webhookSecret.exactOptional(),
});
