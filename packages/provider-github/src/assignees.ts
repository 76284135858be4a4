import { z } from "zod";
import type { GitHubClient } from "./client.ts";
import type { Operation } from "./errors.ts";
import { parseShape } from "./shapes.ts";

const operation: Operation = { name: "person.read", isWrite: false };
const loginShape = z.object({ login: z.string() });

/** Logins of accounts, which issues are assigned by; ids outlive renames and are what Backref keeps. */
export async function loginsOf(client: GitHubClient, ids: readonly string[]): Promise<readonly string[]> {
  const logins: string[] = [];
  for (const id of ids) {
    const answer = await client.request(operation, "GET /user/{id}", { id });
    logins.push(answer.as((data) => parseShape(loginShape, data, "user").login));
  }
  return logins;
}
