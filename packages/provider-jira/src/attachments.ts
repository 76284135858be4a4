import type { AttachmentsGroup, ProviderCall } from "@backref/core/provider";
import { fileUpload, type Operation, parseShape } from "@backref/provider-kit";
import { z } from "zod";
import { issuePath } from "./address.ts";
import type { JiraCall, JiraClient, OpenClient } from "./client.ts";
import { errors } from "./errors.ts";
import { mapPerson, personShape } from "./map-person.ts";
import { idShape, timeShape } from "./shapes.ts";
import { webUrlOf } from "./site.ts";
import type { JiraAuth, JiraOptions } from "./types.ts";

const tooLarge =
  "The file is larger than this Jira takes: its administrators set that under System, Attachments. Make it smaller, or link to it.";
const uploading: Operation = {
  name: "attachments.upload",
  isWrite: true,
  explain: { 413: { message: tooLarge, failure: "permanent" } },
};
const asking: Operation = { name: "attachments.upload", isWrite: false };
const listing: Operation = { name: "attachments.list", isWrite: false };

/** Administrators change it rarely. */
const rememberedMs = 10 * 60 * 1_000;
const mostRemembered = 1_000;

/** Half of what Jira takes as it comes: smaller files are sent without asking, and a refusal costs little. */
const askedFromBytes = 5 * 1024 * 1024;

const metaShape = z.object({ enabled: z.boolean().nullish(), uploadLimit: z.number().nullish() });
const fileShape = z.object({ id: idShape, filename: z.string(), content: z.string().nullish() });
const listedShape = fileShape.extend({
  size: z.number().nullish(),
  created: timeShape,
  author: personShape.nullish().catch(null),
});
const issueShape = z.object({ fields: z.object({ attachment: z.array(listedShape).nullish() }) });

/** Files of issues, in one request each; before a large one, what the site takes is asked. */
export function createAttachmentsGroup(open: OpenClient): AttachmentsGroup<JiraAuth, JiraOptions> {
  const known = new Map<string, { readonly mostBytes: number | null; readonly until: number }>();
  const mostBytes = async (call: JiraCall, client: JiraClient) => {
    const key = JSON.stringify([call.baseUrl, call.credentialId]);
    const found = known.get(key);
    if (found !== undefined && call.clock.now() < found.until) return found.mostBytes;
    const answer = await client.request(asking, "GET", "/attachment/meta");
    const { enabled, uploadLimit } = answer.as((data) => parseShape(metaShape, data, "answer"));
    if (enabled === false)
      throw errors.refused(asking, "This Jira takes no files: attachments are switched off there.");
    if (known.size >= mostRemembered) known.clear();
    known.set(key, { mostBytes: uploadLimit ?? null, until: call.clock.now() + rememberedMs });
    return uploadLimit ?? null;
  };
  return {
    async upload(call: JiraCall, { issue, ...file }) {
      const client = open(call);
      const most = file.sizeBytes < askedFromBytes ? null : await mostBytes(call, client);
      if (most !== null && file.sizeBytes > most) {
        throw errors.refused(asking, `${tooLarge} It has ${file.sizeBytes} bytes, and ${most} are taken.`);
      }
      const upload = fileUpload({ partName: "file", file, random: call.random });
      const answer = await client.request(uploading, "POST", `${issuePath(issue)}/attachments`, { upload });
      const [made] = answer.as((data) => parseShape(z.array(fileShape), data, "attachments"));
      if (made === undefined) throw errors.unexpectedAnswer(uploading, "no attachment in it", false);
      return { remoteId: made.id, url: pageOf(made.content, call) };
    },

    async list(call: JiraCall, { issue }) {
      const answer = await open(call).request(listing, "GET", issuePath(issue), { query: { fields: "attachment" } });
      const { fields } = answer.as((data) => parseShape(issueShape, data, "issue"));
      const files = (fields.attachment ?? []).map(({ id, filename, content, size, created, author }) => ({
        remoteId: id,
        url: pageOf(content, call),
        fileName: filename,
        sizeBytes: size ?? null,
        author: author ? { id: mapPerson(author).id } : null,
        createdAt: created,
      }));
      return files.toSorted((a, b) => a.createdAt - b.createdAt || Number(a.remoteId) - Number(b.remoteId));
    },
  };
}

/** Where people find it: the gateway's addresses are for applications, and the site has the same path. */
function pageOf(
  content: string | null | undefined,
  call: Pick<ProviderCall<JiraAuth, JiraOptions>, "baseUrl" | "options">,
) {
  const [path] = /\/(?:rest|secure)\/.*$/.exec(content ?? "") ?? [];
  return path === undefined ? null : `${webUrlOf(call)}${path}`;
}
