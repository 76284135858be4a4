import { Buffer } from "node:buffer";
import { issueOf, type JiraAnswer, type JiraCall, type JiraOperation, require } from "./call.ts";
import { JiraFailure } from "./failure.ts";
import { presentAttachment } from "./views.ts";

export const attachmentOperations: readonly JiraOperation[] = [
  { method: "GET", template: "/attachment/meta", scope: "read", handle: meta },
  { method: "POST", template: "/issue/{issueIdOrKey}/attachments", scope: "write", handle: attach },
];

const largestAttachment = 10_485_760;

function meta(): JiraAnswer {
  return { status: 200, body: { enabled: true, uploadLimit: largestAttachment } };
}

interface SentFile {
  readonly fileName: string;
  readonly contentType: string;
  readonly content: Uint8Array;
}

/** One file per part `file`; a browser's request without the header is taken for a forged one. */
function attach(call: JiraCall): JiraAnswer {
  const issue = issueOf(call, undefined);
  require(call, "CREATE_ATTACHMENTS", "You do not have permission to create attachments for this issue.");
  if (call.headers.get("x-atlassian-token") !== "no-check") throw new JiraFailure(403, ["XSRF check failed"]);
  const files = readFiles(call);
  if (files.length === 0) throw new JiraFailure(400, ["No file was sent in a part called 'file'."]);
  if (files.some(({ content }) => content.byteLength > largestAttachment))
    throw new JiraFailure(413, ["The file is larger than the limit for attachments."]);
  const made = files.map((file) => {
    const id = call.world.nextId("attachment");
    const record = { ...file, id, issueId: issue.id, author: call.token.user, createdAt: call.world.stamp() };
    call.world.attachments.set(id, record);
    return presentAttachment(call, record);
  });
  const changed = { ...issue, updatedAt: call.world.stamp() };
  call.world.setIssue(changed);
  const items = files.map(({ fileName }) => {
    return {
      field: "Attachment",
      fieldId: "attachment",
      from: null,
      fromString: null,
      to: fileName,
      toString: fileName,
    };
  });
  call.emit({ name: "jira:issue_updated", issue: changed, comment: null, actor: call.token.user, items });
  return { status: 200, body: made };
}

/** Byte by byte: what files hold is no text. */
function readFiles({ headers, bytes }: JiraCall): SentFile[] {
  const boundary = /boundary="?([^";]+)"?/.exec(headers.get("content-type") ?? "")?.[1];
  if (boundary === undefined) return [];
  const parts = Buffer.from(bytes).toString("latin1").split(`--${boundary}`).slice(1, -1);
  return parts.flatMap((part) => {
    const end = part.indexOf("\r\n\r\n");
    const head = Buffer.from(part.slice(0, end), "latin1").toString("utf8");
    const fileName = /name="file"; filename="([^"]*)"/.exec(head)?.[1];
    if (fileName === undefined) return [];
    const contentType = /content-type: *([^\r\n]+)/i.exec(head)?.[1] ?? "application/octet-stream";
    const content = new Uint8Array(Buffer.from(part.slice(end + 4).replace(/\r\n$/, ""), "latin1"));
    return [{ fileName: fileName.replaceAll("%22", '"'), contentType, content }];
  });
}
