import type { AttachmentsGroup, RemoteAttachment } from "@backref/core/provider";
import { asList, type GiteaAuth, type GiteaCall, type GiteaOptions, request } from "./client.ts";
import { issuePath } from "./keys.ts";
import { membersOf, numberOf, textOf } from "./mapping.ts";

function mapAttachment(data: unknown): RemoteAttachment {
  const asset = membersOf(data);
  return {
    remoteId: String(numberOf(asset, "id")),
    url: textOf(asset, "browser_download_url"),
    fileName: textOf(asset, "name"),
    sizeBytes: numberOf(asset, "size"),
    author: null,
    createdAt: Date.parse(textOf(asset, "created_at")),
  };
}

/** Files go as plain bytes, their name in the query; Gitea tells the type by itself. */
export const attachmentsGroup: AttachmentsGroup<GiteaAuth, GiteaOptions> = {
  async upload(call: GiteaCall, { issue, fileName, content }) {
    const path = `${issuePath(issue)}/assets?name=${encodeURIComponent(fileName)}`;
    const stream = { content, contentType: "application/octet-stream" };
    const asked = { operation: "attachment.upload", method: "POST", path, stream, map: mapAttachment } as const;
    return (await request(call, asked)).value;
  },
  async list(call: GiteaCall, { issue }) {
    const map = (data: unknown) => asList(data).map(mapAttachment);
    return (await request(call, { operation: "attachment.list", path: `${issuePath(issue)}/assets`, map })).value;
  },
};
