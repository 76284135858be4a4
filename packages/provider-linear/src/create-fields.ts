import type { CreateIssueRequest, FieldWarning, JsonValue } from "@backref/core/provider";
import { parseShape } from "@backref/provider-kit";
import { z } from "zod";
import type { LinearClient } from "./client.ts";
import { userByLoginDocument } from "./documents.ts";
import { errors, isGone, type Operation } from "./errors.ts";
import { chooseState } from "./states.ts";
import type { Team } from "./teams.ts";

/** What a new issue carries beside title, description, priority and labels: the values of a form or of a target's defaults. */
export type CreateFields = Partial<Record<CreateFieldName, string | number>>;

const texts = ["state", "assignee", "project", "cycle", "parent", "dueDate"] as const;
type CreateFieldName = (typeof texts)[number] | "estimate";

const isText = (name: string): name is (typeof texts)[number] => (texts as readonly string[]).includes(name);

/** Whatever Linear has no place for is refused before anything is sent: it would refuse the whole issue. */
export function readCreateFields(operation: Operation, { fields, type }: CreateIssueRequest): CreateFields {
  if (type !== null) {
    throw errors.refused(operation, `Linear issues have no types. Take "${type}" out of the target.`, "type");
  }
  const given = Object.entries(fields).filter(([, value]) => value !== null);
  return Object.fromEntries(given.map(([name, value]) => [name, readValue(operation, name, value)]));
}

function readValue(operation: Operation, name: string, value: JsonValue): string | number {
  if (name === "estimate") {
    if (Number.isInteger(value)) return value as number;
    throw errors.refused(operation, "The field estimate must be a whole number.", name);
  }
  if (!isText(name)) {
    throw errors.refused(
      operation,
      `Linear issues have no field "${name}" here. Take it out of the target's defaults.`,
      name,
    );
  }
  if (typeof value === "string" && value !== "") return value;
  throw errors.refused(operation, `The field ${name} must be a text.`, name);
}

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const usersShape = z.object({ users: z.object({ nodes: z.array(z.object({ id: z.string() })) }) });

export interface FieldsInput {
  readonly stateId?: string;
  readonly assigneeId?: string;
  readonly projectId?: string | number;
  readonly cycleId?: string | number;
  readonly parentId?: string | number;
  readonly dueDate?: string | number;
  readonly estimate?: string | number;
}

/** The fields as Linear's input has them. Somebody who is named by login costs a request. */
export async function inputOfFields(
  client: LinearClient,
  operation: Operation,
  team: Team,
  { state, assignee, project, cycle, parent, dueDate, estimate }: CreateFields,
): Promise<FieldsInput> {
  return {
    ...(state !== undefined && { stateId: stateIdOf(operation, team, String(state)) }),
    ...(assignee !== undefined && { assigneeId: await userIdOf(client, operation, String(assignee)) }),
    ...(project !== undefined && { projectId: project }),
    ...(cycle !== undefined && { cycleId: cycle }),
    ...(parent !== undefined && { parentId: parent }),
    ...(dueDate !== undefined && { dueDate }),
    ...(estimate !== undefined && { estimate }),
  };
}

function stateIdOf(operation: Operation, team: Team, state: string): string {
  const found = chooseState(team.states, { category: "open", state });
  if (found !== null) return found.id;
  const names = team.states.map(({ name }) => name).join(", ");
  throw errors.refused(operation, `The team has no state "${state}". Its states are: ${names}.`, "state");
}

async function userIdOf(client: LinearClient, { name }: Operation, assignee: string): Promise<string> {
  if (uuid.test(assignee)) return assignee;
  const reading: Operation = { name, isWrite: false };
  const [user] = await client.ask(
    reading,
    userByLoginDocument,
    { login: assignee },
    (data) => parseShape(usersShape, data, "data").users.nodes,
  );
  if (user !== undefined) return user.id;
  throw errors.refused(reading, `Nobody in the workspace is called "${assignee}".`, "assignee");
}

const entities = { project: "Project", cycle: "Cycle", parent: "Issue" } as const;

/** Linear names what it did not find; a person is helped by the field that it stands in. */
export function asRefusedField(operation: Operation, error: unknown, sent: CreateFields): unknown {
  if (!isGone(error)) return error;
  for (const [field, entity] of Object.entries(entities)) {
    const isNamed = new RegExp(`(?:not found:|find referenced) ${entity}\\b`, "i").test(error.message);
    const value = sent[field as keyof typeof entities];
    if (!isNamed || value === undefined) continue;
    return errors.refused(operation, `Linear has no ${entity.toLowerCase()} "${value}" for this team.`, field);
  }
  return error;
}

const related = z.object({ id: z.string() }).nullish();
const answerShape = z.object({
  project: related,
  cycle: related,
  parent: related,
  dueDate: z.string().nullish(),
  estimate: z.number().nullish(),
});

/** What Linear has left out without a word, by the issue that it answered. */
export function droppedFields(answer: unknown, sent: CreateFields): readonly FieldWarning[] {
  const issue = parseShape(answerShape, answer, "issue");
  const names = ["project", "cycle", "parent", "dueDate", "estimate"] as const;
  return names
    .filter((name) => sent[name] !== undefined && issue[name] == null)
    .map((name) => ({ field: "fields", message: `Linear did not set the field ${name}.` }));
}
