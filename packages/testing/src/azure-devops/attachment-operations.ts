import {
  type AzureDevOpsAnswer,
  type AzureDevOpsCall,
  type AzureDevOpsOperation,
  readScopes,
  require,
  writeScopes,
} from "./call.ts";
import { AzureDevOpsFailure, invalid } from "./failure.ts";

const list = "/{project}/_apis/wit/attachments";

/** Files are uploaded first and tied to a work item by a relation then. */
export const attachmentOperations: readonly AzureDevOpsOperation[] = [
  { method: "POST", template: list, scopes: writeScopes, handle: upload },
  { method: "GET", template: `${list}/{id}`, scopes: readScopes, handle: download },
];

/** More than this goes up in chunks only. */
const simpleLimit = 130_000_000;

function upload(call: AzureDevOpsCall): AzureDevOpsAnswer {
  require(call, "edit");
  if (call.bytes.length > simpleLimit) throw invalid("The attachment is too large to be uploaded at once.");
  const id = call.world.guid();
  const fileName = call.query.get("fileName") ?? id;
  call.world.attachments.set(id, { id, fileName, bytes: call.bytes, createdAt: call.world.now() });
  const url = `${call.url}/_apis/wit/attachments/${id}?fileName=${encodeURIComponent(fileName)}`;
  return { status: 201, body: { id, url } };
}

function download(call: AzureDevOpsCall): AzureDevOpsAnswer {
  const found = call.world.attachments.get(call.params.id ?? "");
  if (found === undefined)
    throw new AzureDevOpsFailure(
      404,
      "AttachmentNotFoundException",
      `The attachment ${call.params.id} does not exist.`,
    );
  return { status: 200, bytes: found.bytes };
}
