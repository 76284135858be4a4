import { asObject, asText } from "../fake/json.ts";
import { emitter, issueOf, type JiraAnswer, type JiraCall, type JiraOperation, require } from "./call.ts";
import { invalidFields, JiraFailure } from "./failure.ts";
import { changeIssue } from "./issue-actions.ts";
import { checkProperty } from "./issue-operations.ts";

const property = "/issue/{issueIdOrKey}/properties/{propertyKey}";
const links = "/issue/{issueIdOrKey}/remotelink";

/** What hangs on an issue beside its fields: entity properties and remote links. */
export const extraOperations: readonly JiraOperation[] = [
  { method: "GET", template: property, scope: "read", handle: readProperty },
  { method: "PUT", template: property, scope: "write", handle: setProperty },
  { method: "DELETE", template: property, scope: "write", handle: removeProperty },
  { method: "GET", template: links, scope: "read", handle: listLinks },
  { method: "POST", template: links, scope: "write", handle: setLink },
  { method: "DELETE", template: links, scope: "write", handle: removeLink },
];

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
