import { hasStatus, type Operation, parseShape } from "@backref/provider-kit";
import { z } from "zod";
import type { GitHubClient } from "./client.ts";

const operation: Operation = { name: "person.read", isWrite: false };
const loginShape = z.object({ login: z.string() });

/** Logins by which issues are assigned, and ids of accounts that are gone. */
export interface FoundLogins {
  readonly logins: readonly string[];
  readonly missing: readonly string[];
}

/** Logins of accounts, which issues are assigned by; ids outlive renames and are what Backref keeps. */
export async function loginsOf(client: GitHubClient, ids: readonly string[]): Promise<FoundLogins> {
  const logins: string[] = [];
  const missing: string[] = [];
  for (const id of ids) {
    try {
      const answer = await client.request(operation, "GET /user/{id}", { id });
      logins.push(answer.as((data) => parseShape(loginShape, data, "user").login));
    } catch (error) {
      // Deleted accounts are assigned to nothing, and must not hold up the rest of a write.
      if (!hasStatus(error, 404)) throw error;
      missing.push(id);
    }
  }
  return { logins, missing };
}
