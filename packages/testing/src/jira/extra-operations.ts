import { asObject, asText } from "../fake/json.ts";
import { emitter, issueOf, type JiraAnswer, type JiraCall, type JiraOperation, require } from "./call.ts";
import { invalidFields, JiraFailure } from "./failure.ts";
import { changeIssue } from "./issue-actions.ts";
import { checkProperty } from "./issue-operations.ts";
import { presentUser } from "./views.ts";

const property = "/issue/{issueIdOrKey}/properties/{propertyKey}";
const links = "/issue/{issueIdOrKey}/remotelink";

/** What hangs on an issue beside its fields: entity properties, remote links, attachments. */
export const extraOperations: readonly JiraOperation[] = [
  { method: "GET", template: property, scope: "read", handle: readProperty },
  { method: "PUT", template: property, scope: "write", handle: setProperty },
  { method: "DELETE", template: property, scope: "write", handle: removeProperty },
  { method: "GET", template: links, scope: "read", handle: listLinks },
  { method: "POST", template: links, scope: "write", handle: setLink },
  { method: "DELETE", template: links, scope: "write", handle: removeLink },
  { method: "GET", template: "/attachment/meta", scope: "read", handle: attachmentMeta },
  { method: "POST", template: "/issue/{issueIdOrKey}/attachments", scope: "write", handle: attach },
];

const largestAttachment = 10_485_760;

function keyOf(call: JiraCall): string {
  return call.params.propertyKey ?? "";
}

function readProperty(call: JiraCall): JiraAnswer {
  const value = issueOf(call).properties[keyOf(call)];
  if (value === undefined) throw new JiraFailure(404, [`The property '${keyOf(call)}' does not exist.`]);
  return { status: 200, body: { key: keyOf(call), value } };
}

function setProperty(call: JiraCall): JiraAnswer {
  const issue = issueOf(call, undefined);
  require(call, "EDIT_ISSUES", "You do not have permission to edit issues in this project.");
  const value: unknown = JSON.parse(call.text === "" ? "null" : call.text);
  checkProperty(keyOf(call), value);
  const isNew = !(keyOf(call) in issue.properties);
  changeIssue(call.world, emitter(call), issue, { properties: { ...issue.properties, [keyOf(call)]: value } });
  return { status: isNew ? 201 : 200, body: {} };
}

function removeProperty(call: JiraCall): JiraAnswer {
  const issue = issueOf(call, undefined);
  const { [keyOf(call)]: removed, ...properties } = issue.properties;
  if (removed === undefined) throw new JiraFailure(404, [`The property '${keyOf(call)}' does not exist.`]);
  changeIssue(call.world, emitter(call), issue, { properties });
  return { status: 204 };
}

function listLinks(call: JiraCall): JiraAnswer {
  const globalId = call.query.get("globalId");
  const all = call.world.linksOf(issueOf(call).id);
  const present = all.map(({ id, content }) => ({ id, self: `${call.selfUrl}/issue/remotelink/${id}`, ...content }));
  if (globalId === null) return { status: 200, body: present };
  const found = present[all.findIndex((link) => link.globalId === globalId)];
  if (found === undefined) throw new JiraFailure(404, ["No remote link with this global id exists."]);
  return { status: 200, body: found };
}

/** A global id that is there already is changed in place. */
function setLink(call: JiraCall): JiraAnswer {
  const issue = issueOf(call, undefined);
  require(call, "LINK_ISSUES", "No Link Issue Permission for issue.");
  const object = asObject(call.body["object"]);
  const problems = Object.fromEntries(
    ["url", "title"].flatMap((name) => (asText(object[name]) === undefined ? [[name, `'${name}' is required.`]] : [])),
  );
  if (Object.keys(problems).length > 0) throw invalidFields(problems);
  const globalId = asText(call.body["globalId"]) ?? null;
  const known = call.world.linksOf(issue.id).find((link) => globalId !== null && link.globalId === globalId);
  const id = known?.id ?? call.world.nextId("link");
  call.world.links.set(id, { id, issueId: issue.id, globalId, content: call.body });
  return {
    status: known === undefined ? 201 : 200,
    body: { id, self: `${call.selfUrl}/issue/${issue.key}/remotelink/${id}` },
  };
}

function removeLink(call: JiraCall): JiraAnswer {
  const globalId = call.query.get("globalId");
  const found = call.world.linksOf(issueOf(call, undefined).id).find((link) => link.globalId === globalId);
  if (found === undefined) throw new JiraFailure(404, ["No remote link with this global id exists."]);
  call.world.links.delete(found.id);
  return { status: 204 };
}

function attachmentMeta(): JiraAnswer {
  return { status: 200, body: { enabled: true, uploadLimit: largestAttachment } };
}

/** One file per part `file`; a browser's request without the header is taken for a forged one. */
function attach(call: JiraCall): JiraAnswer {
  const issue = issueOf(call, undefined);
  require(call, "CREATE_ATTACHMENTS", "You do not have permission to create attachments for this issue.");
  if (call.headers.get("x-atlassian-token") !== "no-check") throw new JiraFailure(403, ["XSRF check failed"]);
  const boundary = /boundary="?([^";]+)"?/.exec(call.headers.get("content-type") ?? "")?.[1];
  const parts = boundary === undefined ? [] : call.text.split(`--${boundary}`).slice(1, -1);
  const files = parts.flatMap((part) => {
    const [head = "", ...body] = part.split("\r\n\r\n");
    const fileName = /name="file"; filename="([^"]*)"/.exec(head)?.[1];
    const contentType = /content-type: *([^\r\n]+)/i.exec(head)?.[1] ?? "application/octet-stream";
    return fileName === undefined
      ? []
      : [{ fileName, contentType, content: body.join("\r\n\r\n").replace(/\r\n$/, "") }];
  });
  if (files.length === 0) throw new JiraFailure(400, ["No file was sent in a part called 'file'."]);
  if (files.some(({ content }) => content.length > largestAttachment))
    throw new JiraFailure(413, ["The file is larger than the limit for attachments."]);
  const made = files.map(({ fileName, contentType, content }) => {
    const id = call.world.nextId("attachment");
    const record = { id, issueId: issue.id, fileName, contentType, size: content.length };
    call.world.attachments.set(id, { ...record, author: call.token.user, createdAt: call.world.stamp() });
    const url = `${call.selfUrl}/attachment/content/${id}`;
    return {
      id: String(id),
      filename: fileName,
      mimeType: contentType,
      size: content.length,
      content: url,
      author: presentUser(call, call.token.user),
    };
  });
  return { status: 200, body: made };
}
