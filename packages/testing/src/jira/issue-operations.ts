import { asObject, asText, type JsonObject } from "../fake/json.ts";
import { emitter, issueOf, type JiraAnswer, type JiraCall, type JiraOperation, require } from "./call.ts";
import { invalid, invalidFields, JiraFailure } from "./failure.ts";
import { applySetOperations, readFields } from "./field-values.ts";
import { changeIssue, createIssue, deleteIssue, requireType, transitionIssue, transitionsOf } from "./issue-actions.ts";
import { presentIssue, presentTransition } from "./views.ts";

const one = "/issue/{issueIdOrKey}";

/** Creating, reading, changing and deleting issues, and their transitions. */
export const issueOperations: readonly JiraOperation[] = [
  { method: "POST", template: "/issue", scope: "write", handle: create },
  { method: "POST", template: "/issue/bulkfetch", only: "cloud", scope: "read", handle: bulkFetch },
  { method: "GET", template: one, scope: "read", handle: read },
  { method: "PUT", template: one, scope: "write", handle: update },
  { method: "DELETE", template: one, scope: "write", handle: remove },
  { method: "GET", template: `${one}/transitions`, scope: "read", handle: listTransitions },
  { method: "POST", template: `${one}/transitions`, scope: "write", handle: transition },
  { method: "PUT", template: `${one}/assignee`, scope: "write", handle: assign },
];

function create(call: JiraCall): JiraAnswer {
  const fields = asObject(call.body["fields"]);
  const { id, key } = asObject(fields["project"]);
  const wanted = asText(id) ?? asText(key);
  const project = wanted === undefined ? undefined : call.world.findProject(wanted);
  if (project === undefined) throw invalidFields({ project: "Specify a valid project ID or key" });
  if (!call.token.permissions.has("CREATE_ISSUES"))
    throw new JiraFailure(400, [], { project: "You do not have permission to create issues in this project." });
  const type = asObject(fields["issuetype"]);
  if (fields["issuetype"] === undefined) throw invalidFields({ issuetype: "Specify an issue type" });
  const { id: issueTypeId } = requireType(project, asText(type["id"]), asText(type["name"]));
  const change = readFields(call.world, project, fields);
  const issue = createIssue(call.world, project, emitter(call), {
    issueTypeId,
    change,
    properties: propertiesOf(call),
  });
  return { status: 201, body: { id: String(issue.id), key: issue.key, self: `${call.selfUrl}/issue/${issue.id}` } };
}

function propertiesOf(call: JiraCall): JsonObject {
  const given = Array.isArray(call.body["properties"]) ? call.body["properties"] : [];
  const entries = given.map((entry) => [asText(asObject(entry)["key"]) ?? "", asObject(entry)["value"]] as const);
  for (const [key, value] of entries) checkProperty(key, value);
  return Object.fromEntries(entries);
}

/** A key of at most 255 characters, a value of at most 32,768. */
export function checkProperty(key: string, value: unknown): void {
  if (key === "" || key.length > 255) throw invalid("The property key must be between 1 and 255 characters long.");
  if (value === undefined || JSON.stringify(value).length > 32_768)
    throw invalid("The property value must be valid JSON of at most 32768 characters.");
}

export function listOf(value: unknown): string[] {
  return Array.isArray(value) ? value.flatMap((entry) => asText(entry) ?? []) : [];
}

/** Sorted by id, each once; those that do not exist or may not be seen are absent. */
function bulkFetch(call: JiraCall): JiraAnswer {
  const wanted = listOf(call.body["issueIdsOrKeys"]);
  if (wanted.length === 0 || wanted.length > 100) throw invalid("Between 1 and 100 issues can be fetched at once.");
  const properties = listOf(call.body["properties"]);
  if (properties.length > 5) throw invalid("No more than 5 properties can be requested.");
  const maySee = call.token.permissions.has("BROWSE_PROJECTS");
  const found = maySee ? wanted.flatMap((text) => call.world.findIssue(text, call.asOf) ?? []) : [];
  const unique = [...new Map(found.map((issue) => [issue.id, issue])).values()].sort((a, b) => a.id - b.id);
  const fields = listOf(call.body["fields"]);
  const issues = unique.map((issue) => presentIssue(call, issue, fields.length === 0 ? ["*all"] : fields, properties));
  return { status: 200, body: { issues, issueErrors: [] } };
}

function read(call: JiraCall): JiraAnswer {
  const fields = (call.query.get("fields") ?? "*all").split(",");
  const properties = (call.query.get("properties") ?? "").split(",").filter((name) => name !== "");
  return { status: 200, body: presentIssue(call, issueOf(call), fields, properties) };
}

function update(call: JiraCall): JiraAnswer {
  const issue = issueOf(call, undefined);
  require(call, "EDIT_ISSUES", "You do not have permission to edit issues in this project.");
  const { world } = call;
  const project = world.projectOf(issue);
  const fields = asObject(call.body["fields"]);
  const operations = asObject(call.body["update"]);
  const both = Object.keys(fields).find((name) => name in operations);
  if (both !== undefined) throw invalidFields({ [both]: `Field '${both}' cannot be in both 'fields' and 'update'.` });
  // The status is not a field that can be edited; Jira says nothing about it.
  const change = readFields(world, project, fields);
  const labels =
    operations["labels"] === undefined ? {} : { labels: applySetOperations(issue.labels, operations["labels"]) };
  if (labels.labels !== undefined) readFields(world, project, { labels: labels.labels });
  const properties = { ...issue.properties, ...propertiesOf(call) };
  const changed = changeIssue(world, emitter(call), issue, { ...change, ...labels, properties });
  if (call.query.get("returnIssue") !== "true") return { status: 204 };
  return { status: 200, body: presentIssue(call, changed, ["*all"]) };
}

function remove(call: JiraCall): JiraAnswer {
  deleteIssue(call.world, emitter(call), issueOf(call, undefined));
  return { status: 204 };
}

/** Without the permission there is nothing to choose from. */
function listTransitions(call: JiraCall): JiraAnswer {
  const issue = issueOf(call);
  const project = call.world.projectOf(issue);
  const withFields = (call.query.get("expand") ?? "").split(",").includes("transitions.fields");
  const offered = call.token.permissions.has("TRANSITION_ISSUES") ? transitionsOf(call.world, issue) : [];
  const transitions = offered.map((entry) => presentTransition(call, project, entry, withFields));
  return { status: 200, body: { expand: "transitions", transitions } };
}

function transition(call: JiraCall): JiraAnswer {
  const issue = issueOf(call, undefined);
  const id = asText(asObject(call.body["transition"])["id"]);
  const offered = call.token.permissions.has("TRANSITION_ISSUES") ? transitionsOf(call.world, issue) : [];
  const chosen = offered.find((entry) => entry.id === id);
  if (chosen === undefined) throw invalid(`Transition id '${id}' is not valid for this issue.`);
  const onScreen = chosen.fields.map((field) => field.id);
  const given = asObject(call.body["fields"]);
  const foreign = Object.keys(given).find((name) => !onScreen.includes(name));
  if (foreign !== undefined)
    throw invalidFields({
      [foreign]: `Field '${foreign}' cannot be set. It is not on the appropriate screen, or unknown.`,
    });
  const change = readFields(call.world, call.world.projectOf(issue), given, onScreen);
  transitionIssue(call.world, emitter(call), issue, chosen, change);
  return { status: 204 };
}

function assign(call: JiraCall): JiraAnswer {
  const issue = issueOf(call, undefined);
  require(call, "ASSIGN_ISSUES", "You do not have permission to assign issues.");
  const change = readFields(call.world, call.world.projectOf(issue), { assignee: call.body });
  const isNobody = call.body["accountId"] === null || call.body["name"] === null;
  changeIssue(call.world, emitter(call), issue, isNobody ? { assignee: null } : change);
  return { status: 204 };
}
