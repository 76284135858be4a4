import type { ConnectGroup, ConnectionReport } from "@backref/core/provider";
import { hasStatus, isRefusal, type Operation, parseShape } from "@backref/provider-kit";
import { z } from "zod";
import type { GitLabCall, GitLabClient, OpenClient } from "./client.ts";
import { testContainer } from "./connect-container.ts";
import { expiryOf, expiryWarnings } from "./credential-expiry.ts";
import { projectAddress } from "./keys.ts";
import { mapPerson, personShape } from "./map-person.ts";
import type { GitLabAuth, GitLabOptions } from "./types.ts";

const accountOperation: Operation = {
  name: "connect.account",
  isWrite: false,
  explain: { 404: { message: "There is no GitLab at this base URL: check it, the relative root included." } },
};
const testing: Operation = { name: "connect.test", isWrite: false };

export function createConnectGroup(open: OpenClient): ConnectGroup<GitLabAuth, GitLabOptions> {
  return {
    account: (call: GitLabCall) => readAccount(open(call)),

    async test(call: GitLabCall, { containers }): Promise<ConnectionReport> {
      const client = open(call);
      try {
        const account = await readAccount(client);
        const { scopes, expiresAt } = await readToken(client, call);
        const problems = scopeProblems(call, scopes);
        const reports = [];
        for (const container of containers) {
          const tested = await testContainer(client, container, call.baseUrl);
          // Whatever the account may do, a token without the scope only reads.
          const writable = problems.length > 0 ? false : tested.report.writable;
          reports.push({ ...tested.report, writable });
          problems.push(...tested.problems);
        }
        const ok = problems.length === 0;
        const warnings = expiryWarnings(expiresAt, call.clock.now());
        return { ok, account, scopes, expiresAt, containers: reports, problems: [...problems, ...warnings] };
      } catch (error) {
        if (!isRefusal(error)) throw error;
        const nobody = { ok: false, account: null, scopes: [], expiresAt: null, containers: [] } as const;
        return { ...nobody, problems: [error.message] };
      }
    },

    async probe(call: GitLabCall, { container }) {
      const operation: Operation = { name: "connect.probe", isWrite: false };
      try {
        // The list, since a project can be seen while its issues cannot.
        await open(call).request(operation, "GET", `${projectAddress(container)}/issues`, { query: { per_page: 1 } });
        return true;
      } catch (error) {
        if (hasStatus(error, 403, 404)) return false;
        throw error;
      }
    },
  };
}

async function readAccount(client: GitLabClient) {
  const answer = await client.request(accountOperation, "GET", "/user");
  return answer.as((data) => mapPerson(parseShape(personShape, data, "user")));
}

const tokenShape = z.object({ scopes: z.array(z.string()), expires_at: z.string().nullish() });

/** A sign-in's access token is none of those that tell about themselves. */
async function readToken(client: GitLabClient, { auth }: GitLabCall) {
  if (auth.type === "oauth") return { scopes: [], expiresAt: null };
  try {
    const answer = await client.request(testing, "GET", "/personal_access_tokens/self");
    const { scopes, expires_at: end } = answer.as((data) => parseShape(tokenShape, data, "token"));
    return { scopes, expiresAt: expiryOf(end ?? null) };
  } catch (error) {
    // Before GitLab 15.5 no token tells about itself.
    if (hasStatus(error, 404)) return { scopes: [], expiresAt: null };
    throw error;
  }
}

function scopeProblems({ auth }: GitLabCall, scopes: readonly string[]): string[] {
  if (auth.type === "oauth" || scopes.length === 0 || scopes.includes("api")) return [];
  return [
    `The token's scopes are "${scopes.join(", ")}". Issues are written with the scope api: make a token with it.`,
  ];
}
