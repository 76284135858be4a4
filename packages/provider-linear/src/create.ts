import type { CreateGroup, FieldWarning, IssueSnapshot } from "@backref/core/provider";
import { defectLinkIn, parseShape } from "@backref/provider-kit";
import { z } from "zod";
import type { LinearCall, LinearClient, OpenClient } from "./client.ts";
import { asRefusedField, type CreateFields, droppedFields, inputOfFields, readCreateFields } from "./create-fields.ts";
import { issueCreateDocument } from "./documents.ts";
import { errors, failedBesideOnly, type Operation, saysThere } from "./errors.ts";
import { settableIdsOf } from "./label-ids.ts";
import { mapIssue } from "./map-issue.ts";
import { priorityNumber, priorityWords } from "./priorities.ts";
import { readOne } from "./read.ts";
import { withFreshTeam } from "./stale-team.ts";
import type { Teams } from "./teams.ts";
import { writeText } from "./text.ts";
import { idOfToken } from "./token-id.ts";
import type { LinearAuth, LinearOptions } from "./types.ts";
import { type GoneUsers, withoutUnknownUser } from "./unknown-user.ts";
import { droppedAssignees, droppedLabels } from "./warnings.ts";

const operation: Operation = { name: "issue.create", isWrite: true, beside: "attachmentCreate" };
const looking: Operation = { name: "issue.find-created", isWrite: false };

const payloadShape = z.object({ issueCreate: z.object({ issue: z.unknown() }) });

export function createCreateGroup(
  open: OpenClient,
  teams: Teams,
  gone: GoneUsers,
): CreateGroup<LinearAuth, LinearOptions> {
  return {
    create: (call: LinearCall, request) =>
      withFreshTeam(teams, call, request.container, async () => {
        const fields = readCreateFields(operation, request);
        const client = open(call);
        const team = await teams.of(call, client, request.container, {
          operation,
          suffices: ({ labelIds }) => request.labels.every((name) => labelIds.has(name.toLowerCase())),
        });
        const priority = priorityNumber(request.priority);
        const labelIds = settableIdsOf(team, request.labels);
        const given = await inputOfFields(client, operation, team, fields);
        const assigneeIds = given.assigneeId === undefined ? request.assigneeIds : [given.assigneeId];
        const [assigneeId] = assigneeIds;
        const input = {
          id: idOfToken(request.token),
          teamId: team.id,
          title: request.title,
          description: writeText(request.body),
          ...(labelIds.length > 0 && { labelIds }),
          ...(priority !== undefined && priority > 0 && { priority }),
          ...given,
          ...(assigneeId !== undefined && { assigneeId }),
        };
        const { issue, existed, dropped } = await withoutUnknownUser(gone, call, input, (sent) =>
          createOnce(client, { input: sent, ...linkOf(sent.id, request.body) }, fields),
        );
        const warnings: FieldWarning[] = [
          ...droppedLabels(issue, request.labels),
          ...droppedAssignees(issue, assigneeIds),
          ...(priority === undefined ? [unknownPriority(request.priority)] : []),
          ...dropped,
        ];
        return { issue, warnings, ...(existed && { existed }) };
      }),

    /** The id says it all: there is one issue of it, wherever it was moved to, or none. */
    async findCreated(call: LinearCall, { token, createdAfter }) {
      const found = await readOne(open(call), idOfToken(token), looking);
      if (found === null || found.isTrashed || found.issue.createdAt < createdAfter) return [];
      return [found.issue];
    },
  };
}

interface Made {
  readonly issue: IssueSnapshot;
  /** By an earlier request. */
  readonly existed: boolean;
  readonly dropped: readonly FieldWarning[];
}

interface Variables {
  readonly input: { readonly id: string };
  readonly withLink?: true;
  readonly link?: object;
}

/** The way back to the defect, among the issue's links. Linear keeps one of each address. */
function linkOf(issueId: string, body: string): Omit<Variables, "input"> {
  const defect = defectLinkIn(body);
  if (defect === null) return {};
  const { url, name } = defect;
  return { withLink: true, link: { issueId, url, title: name.slice(0, 255), subtitle: "Linked defect" } };
}

/** An issue of this id that is there already is the one that an earlier request made. */
async function createOnce(client: LinearClient, variables: Variables, fields: CreateFields): Promise<Made> {
  try {
    return await client.ask(operation, issueCreateDocument, { ...variables }, (data) => {
      const { issue } = parseShape(payloadShape, data, "data").issueCreate;
      return { issue: mapIssue(issue).issue, existed: false, dropped: droppedFields(issue, fields) };
    });
  } catch (error) {
    const isMade = failedBesideOnly(error);
    if (!isMade && !saysThere(error)) throw asRefusedField(operation, error, fields);
    const found = await readOne(client, variables.input.id, looking);
    if (found === null)
      throw errors.unexpectedAnswer(operation, "an issue of this id was made before and cannot be read", false);
    if (!isMade) return { issue: found.issue, existed: true, dropped: [] };
    const message = `The link to the defect stands in the description only: ${error.message}`;
    return { issue: found.issue, existed: false, dropped: [{ field: "fields", message }] };
  }
}

export function unknownPriority(priority: string | null): FieldWarning {
  return { field: "priority", message: `Linear has no priority "${priority}". Its priorities are: ${priorityWords}.` };
}
