import { type Operation, parseShape } from "@backref/provider-kit";
import { z } from "zod";
import type { RedmineCall, RedmineClient } from "./client.ts";
import { errors } from "./errors.ts";
import { type Named, namedShape } from "./shapes.ts";

/** A server's short lists, which come whole: `/trackers`, `/issue_statuses`, `/enumerations/issue_priorities`. */
async function readNamed(client: RedmineClient, operation: Operation, path: string): Promise<readonly Named[]> {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const answer = await client.request({ ...operation, isWrite: false }, "GET", path);
  return answer.as((data) => parseShape(z.object({ [name]: z.array(namedShape) }), data, "list")[name] ?? []);
}

/** By its name in any case, or by its number; null where there is none. */
export async function findNamed(
  client: RedmineClient,
  operation: Operation,
  path: string,
  text: string,
): Promise<Named | null> {
  const entries = await readNamed(client, operation, path);
  const isNamed = ({ name }: Named) => name.toLowerCase() === text.trim().toLowerCase();
  return entries.find(isNamed) ?? entries.find(({ id }) => id === text.trim()) ?? null;
}

/** Number of a priority as mappings name it; null for none. Numbers are looked up nowhere: Redmine refuses unknown ones. */
export async function priorityId(
  { options }: RedmineCall,
  client: RedmineClient,
  operation: Operation,
  priority: string | null | undefined,
): Promise<number | null> {
  if (priority === null || priority === undefined) return null;
  if (options.priorities === "id") {
    if (/^[1-9]\d{0,8}$/.test(priority)) return Number(priority);
    throw errors.refused(
      operation,
      `"${priority}" is no number of a priority. The option priorities says "id".`,
      "priority",
    );
  }
  const entries = await readNamed(client, operation, "/enumerations/issue_priorities");
  const found = entries.find(({ name }) => name === priority);
  if (found !== undefined) return Number(found.id);
  const names = entries.map(({ name }) => name).join(", ");
  throw errors.refused(operation, `Redmine has no priority "${priority}". There are: ${names}.`, "priority");
}
