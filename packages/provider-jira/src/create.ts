import type { CreateGroup, CreateIssueRequest, FieldWarning, JsonObject } from "@backref/core/provider";
import type { Operation } from "@backref/provider-kit";
import { setBacklink } from "./backlink.ts";
import type { JiraCall, JiraClient, OpenClient } from "./client.ts";
import { droppedFields, givenFields, namedReference, personReference, splitLabels } from "./create-fields.ts";
import { errors, projectUnknown } from "./errors.ts";
import { fetchIssue, parseCreated } from "./fetch-issues.ts";
import { fieldValue, needsScreen } from "./field-values.ts";
import { findCreated, highestNumber } from "./find-created.ts";
import { createHighWater } from "./high-water.ts";
import type { IssueFields } from "./issue-fields.ts";
import { propertyKey } from "./map-issue.ts";
import { loadRichText, type OutgoingText } from "./text.ts";
import type { JiraAuth, JiraOptions } from "./types.ts";
import { withoutUnknownUser } from "./unknown-user.ts";

const readBack: Operation = { name: "issue.create", isWrite: false };

export function createCreateGroup(open: OpenClient, issueFields: IssueFields): CreateGroup<JiraAuth, JiraOptions> {
  const highWater = createHighWater();
  return {
    /** Jira answers a create with id and key alone: what its workflow made of it is read. A backlink is a third request. */
    async create(call: JiraCall, request) {
      const client = open(call);
      const { deployment } = client;
      const richText = await loadRichText(deployment);
      const operation = createOperation(request.container);
      const body = richText.write(request.body, null);
      const labels = splitLabels(request.labels);
      const [assigneeId = null, ...others] = request.assigneeIds;
      const fields = {
        ...(await extraFields(issueFields, call, client, operation, request)),
        ...fieldsOf(request, call.options, body),
        ...(labels.good.length > 0 && { labels: labels.good }),
        ...(assigneeId !== null && { assignee: personReference(assigneeId, deployment) }),
      };
      const value = { token: request.token, body: body.memory };
      const properties = [{ key: propertyKey, value }];
      const answer = await withoutUnknownUser(fields, assigneeId !== null, (sent) =>
        client.request(operation, "POST", "/issue", { body: { fields: sent, properties } }),
      );
      const { id, key } = answer.as(parseCreated);
      highWater.noteKey(call, request.container, key);
      try {
        const linkWarnings = await setBacklink(call, client, id, request);
        const { snapshot } = await fetchIssue(client, readBack, id, richText);
        const sent = { labels: labels.good, badLabels: labels.bad, assigneeId, priority: request.priority };
        return {
          issue: snapshot,
          bodyAsSent: snapshot.body === richText.read(body.value, body.memory),
          warnings: [...droppedFields(snapshot, client.priorities, sent), ...surplus(others), ...linkWarnings],
        };
      } catch (error) {
        throw errors.afterOtherWrites(operation, error);
      }
    },

    findCreated: (call: JiraCall, request) => findCreated(open(call), request),

    /** A look at the search index, and none where a number of the last minutes is known. */
    async probe(call: JiraCall, { container }) {
      const known = highWater.of(call, container);
      if (known !== null) return known;
      const highest = await highestNumber(open(call), container);
      highWater.note(call, container, highest);
      return highest;
    },
  };
}

/** What else was given, as Jira takes it. */
async function extraFields(
  issueFields: IssueFields,
  call: JiraCall,
  client: JiraClient,
  operation: Operation,
  request: CreateIssueRequest,
): Promise<JsonObject> {
  const given = Object.entries(givenFields(operation, request));
  const { container, type } = request;
  const place = { container, type: type ?? call.options.issueType };
  const isUnclear = given.some(([id, value]) => needsScreen(id, value));
  const screen = isUnclear ? await issueFields.remembered(call, client, place) : [];
  const tools = { deployment: client.deployment, richText: await loadRichText(client.deployment) };
  const fieldOf = (id: string) => screen.find((field) => field.id === id);
  return Object.fromEntries(given.map(([id, value]) => [id, fieldValue(id, value, fieldOf(id), tools)]));
}

function fieldsOf(
  { container, title, type, priority }: CreateIssueRequest,
  { issueType }: JiraOptions,
  body: OutgoingText,
): JsonObject {
  return {
    project: { key: container },
    issuetype: namedReference(type ?? issueType),
    summary: title.replace(/\s+/g, " ").trim(),
    description: body.value,
    ...(priority !== null && { priority: namedReference(priority) }),
  };
}

/** Jira's issues have one assignee. */
function surplus(others: readonly string[]): readonly FieldWarning[] {
  if (others.length === 0) return [];
  return [{ field: "assignees", message: "Jira's issues have one assignee: only the first was set." }];
}

function createOperation(container: string): Operation {
  return { name: "issue.create", isWrite: true, explain: { 404: projectUnknown(container) } };
}
