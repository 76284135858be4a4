import { Buffer } from "node:buffer";
import { type GitLabAnswer, type GitLabCall, type GitLabOperation, paged, projectOf, requireLevel } from "./call.ts";
import { badParameter, GitLabFailure } from "./failure.ts";
import { toTime } from "./views.ts";

const list = "/projects/{id}/uploads";
const largestUpload = 104_857_600;

/** Files of a project. A text shows them by the Markdown that the answer gives. */
export const uploadOperations: readonly GitLabOperation[] = [
  { method: "POST", template: list, scope: "api", handle: create },
  { method: "GET", template: list, scope: "read_api", handle: listUploads },
];

function create(call: GitLabCall): GitLabAnswer {
  const project = projectOf(call);
  const boundary = /boundary="?([^";]+)"?/.exec(call.headers.get("content-type") ?? "")?.[1];
  // One character for each byte, so that a file's content stays what it is.
  const text = Buffer.from(call.bytes).toString("latin1");
  const part = boundary === undefined ? undefined : text.split(`--${boundary}`)[1];
  const [head = "", ...rest] = (part ?? "").split("\r\n\r\n");
  const fileName = /name="?file"?; filename="([^"]*)"/.exec(head)?.[1];
  if (fileName === undefined) throw badParameter("file is missing");
  const content = new Uint8Array(Buffer.from(rest.join("\r\n\r\n").replace(/\r\n$/, ""), "latin1"));
  if (content.length > largestUpload) throw new GitLabFailure(413, { message: "413 Request Entity Too Large" });
  const id = call.world.nextId("upload");
  const secret = id.toString(16).padStart(32, "0");
  const name = Buffer.from(fileName, "latin1").toString("utf8").replaceAll("%22", '"');
  const safeName = name.replaceAll(/[^\p{L}\p{N}_.-]/gu, "_");
  const contentType = /content-type: *([^\r\n]+)/i.exec(head)?.[1] ?? "application/octet-stream";
  const record = { id, projectId: project.id, secret, fileName: name, contentType, content };
  call.world.uploads.set(id, { ...record, author: call.token.user, createdAt: call.world.stamp() });
  const url = `/uploads/${secret}/${safeName}`;
  const isImage = /\.(?:png|jpe?g|gif|bmp|webp|svg)$/i.test(name);
  const alt = isImage ? name.replace(/\.[^.]*$/, "") : name;
  return {
    status: 201,
    body: {
      id,
      alt,
      url,
      full_path: `/-/project/${project.id}${url}`,
      markdown: `${isImage ? "!" : ""}[${alt.replaceAll(/[[\]]/g, "\\$&")}](${url})`,
    },
  };
}

/** For maintainers. */
function listUploads(call: GitLabCall): GitLabAnswer {
  const project = projectOf(call);
  requireLevel(call, 40);
  const rows = [...call.world.uploads.values()].filter(({ projectId }) => projectId === project.id).toReversed();
  return paged(call, rows, ({ id, content, fileName, createdAt, author }) => ({
    id,
    size: content.length,
    filename: fileName,
    created_at: toTime(createdAt),
    uploaded_by: { id: author.id, username: author.username, name: author.name },
  }));
}
