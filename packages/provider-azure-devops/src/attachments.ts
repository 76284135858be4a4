import type { AttachmentsGroup, RemoteAttachment } from "@backref/core/provider";
import { type Operation, parseShape } from "@backref/provider-kit";
import { z } from "zod";
import type { AzureDevOpsCall } from "./client.ts";
import type { WorkItem } from "./map-issue.ts";
import { itemPath, type OpenReader } from "./reader.ts";
import { segment } from "./site.ts";
import type { AzureDevOpsAuth, AzureDevOpsOptions } from "./types.ts";

const uploading: Operation = { name: "attachments.upload", isWrite: true };
const listing: Operation = { name: "attachments.list", isWrite: false };

const placeShape = z.object({ id: z.string(), url: z.url({ protocol: /^https?$/ }) });

/**
 * Files are kept by themselves first, and only show where a work item has them; see
 * https://learn.microsoft.com/rest/api/azure/devops/wit/attachments/create
 */
export function createAttachmentsGroup(openReader: OpenReader): AttachmentsGroup<AzureDevOpsAuth, AzureDevOpsOptions> {
  return {
    async upload(call: AzureDevOpsCall, { issue, fileName, sizeBytes, content }) {
      const { client } = await openReader(call);
      const path = itemPath(uploading, issue);
      const place = `/${segment(issue.container)}/_apis/wit/attachments`;
      const stored = await client.request(uploading, "POST", place, {
        query: { fileName },
        file: { content, sizeBytes },
      });
      const { id, url } = stored.as((data) => parseShape(placeShape, data, "attachment"));
      const value = { rel: "AttachedFile", url, attributes: { name: fileName } };
      await client.request(uploading, "PATCH", path, { patch: [{ op: "add", path: "/relations/-", value }] });
      return { remoteId: id, url };
    },

    async list(call: AzureDevOpsCall, { issue }) {
      const reader = await openReader(call);
      const item = await reader.fetchOne(listing, issue, "relations");
      return (item.relations ?? [])
        .flatMap((relation) => fileOf(relation) ?? [])
        .toSorted((a, b) => a.createdAt - b.createdAt);
    },
  };
}

/** Null for links to anything else. */
function fileOf({ rel, url, attributes }: NonNullable<WorkItem["relations"]>[number]): RemoteAttachment | null {
  const id = /\/attachments\/([0-9a-f-]{36})/i.exec(url)?.[1];
  if (rel !== "AttachedFile" || id === undefined) return null;
  const { name, resourceSize, resourceCreatedDate, authorizedDate } = attributes ?? {};
  const time = Date.parse(String(resourceCreatedDate ?? authorizedDate));
  return {
    remoteId: id,
    url,
    fileName: typeof name === "string" ? name : id,
    sizeBytes: typeof resourceSize === "number" ? resourceSize : null,
    author: null,
    createdAt: Number.isNaN(time) ? 0 : time,
  };
}
