import type { FieldWarning, IssuePatch, RemotePerson } from "@backref/core/provider";
import { hasStatus, type Operation, parseShape } from "@backref/provider-kit";
import { z } from "zod";
import type { GitHubAnswer, GitHubClient } from "./client.ts";
import { addressProblem } from "./label-address.ts";
import { mapRestPerson, restPersonShape } from "./map-person.ts";

const operation: Operation = { name: "issue.update", isWrite: true };
const issueRoute = "/repos/{owner}/{repo}/issues/{number}";

type Path = Readonly<Record<string, string>>;

const assigneesShape = z.object({ assignees: z.array(restPersonShape) });
const labelsShape = z.array(z.object({ name: z.string() }));

export interface WrittenSets {
  readonly warnings: readonly FieldWarning[];
  /** All labels of the issue, as the last write of them answered; null where none of them was answered. */
  readonly labels: readonly string[] | null;
  /** The same of all assignees. */
  readonly assignees: readonly RemotePerson[] | null;
}

/**
 * Adds and removes labels and assignees one by one, so that nobody else's are touched. A refusal is a warning: the
 * rest of the patch still goes out, and an issue that is gone is told by the request that follows. Labels are only
 * removed once those to add are there.
 */
export async function writeSets(
  client: GitHubClient,
  path: Path,
  labels: IssuePatch["labels"],
  logins: { readonly add: readonly string[]; readonly remove: readonly string[] },
): Promise<WrittenSets> {
  const warnings: FieldWarning[] = [];
  let present: readonly string[] | null = null;
  let people: readonly RemotePerson[] | null = null;
  const meet = (answer: GitHubAnswer | null) => {
    if (answer !== null)
      people = answer.as((data) => parseShape(assigneesShape, data, "issue").assignees.map(mapRestPerson));
  };
  const attempt = async (
    field: "labels" | "assignees",
    send: () => Promise<GitHubAnswer>,
    ...harmless: number[]
  ): Promise<GitHubAnswer | null> => {
    try {
      return await send();
    } catch (error) {
      if (hasStatus(error, ...harmless)) return null;
      const isRefusal = hasStatus(error, 403, 404, 410, 422);
      if (!isRefusal) throw error;
      warnings.push({ field, message: error.message });
      return null;
    }
  };
  const learn = (answer: GitHubAnswer | null) => {
    if (answer !== null) present = answer.as((data) => parseShape(labelsShape, data, "labels").map(({ name }) => name));
  };
  if (labels !== undefined && labels.add.length > 0) {
    const parameters = { ...path, labels: labels.add };
    learn(await attempt("labels", () => client.request(operation, `POST ${issueRoute}/labels`, parameters)));
  }
  // Of two labels that replace each other one is better than none.
  const isAdded = holdsAll(present ?? [], labels?.add ?? []);
  for (const name of isAdded ? (labels?.remove ?? []) : []) {
    const problem = addressProblem(name);
    if (problem !== null) {
      warnings.push({ field: "labels", message: problem });
      continue;
    }
    // 404: the label is gone already.
    const remove = () => client.request(operation, `DELETE ${issueRoute}/labels/{name}`, { ...path, name });
    learn(await attempt("labels", remove, 404));
  }
  if (logins.add.length > 0) {
    const parameters = { ...path, assignees: logins.add };
    meet(await attempt("assignees", () => client.request(operation, `POST ${issueRoute}/assignees`, parameters)));
  }
  if (logins.remove.length > 0) {
    const parameters = { ...path, assignees: logins.remove };
    meet(await attempt("assignees", () => client.request(operation, `DELETE ${issueRoute}/assignees`, parameters)));
  }
  return { warnings, labels: present, assignees: people };
}

/** GitHub compares names of labels without regard to case. */
function holdsAll(present: readonly string[], wanted: readonly string[]): boolean {
  const names = new Set(present.map((name) => name.toLowerCase()));
  return wanted.every((name) => names.has(name.toLowerCase()));
}
