import type { ConnectGroup, RemotePerson } from "@backref/core/provider";
import type { GitHubCall, GitHubClient, OpenClient } from "./client.ts";
import { testContainer } from "./connect-container.ts";
import { isRefusal, type Operation, scopesIn } from "./errors.ts";
import { splitContainer } from "./keys.ts";
import { mapRestPerson, restPersonShape } from "./map-person.ts";
import { parseShape } from "./shapes.ts";
import type { GitHubAuth, GitHubOptions } from "./types.ts";

const accountOperation: Operation = {
  name: "connect.account",
  isWrite: false,
  explain: {
    404: { message: "There is no GitHub API at this base URL: check it." },
    403: {
      message: "This token has no account of its own; use a personal access token of the account that shall post.",
    },
  },
};

export function createConnectGroup(open: OpenClient): ConnectGroup<GitHubAuth, GitHubOptions> {
  return {
    async account(call: GitHubCall) {
      return (await readAccount(open(call))).account;
    },

    async test(call: GitHubCall, request) {
      const client = open(call);
      const report = { ok: false, account: null, scopes: [], expiresAt: null, containers: [] };
      let found: Awaited<ReturnType<typeof readAccount>>;
      try {
        found = await readAccount(client);
      } catch (error) {
        if (!isRefusal(error)) throw error;
        return { ...report, problems: [error.message] };
      }
      const { account, headers } = found;
      const scopes = scopesOf(headers);
      const problems = scopes === null ? [] : scopeProblems(scopes);
      const containers = [];
      for (const container of request.containers) {
        const tested = await testContainer(client, container, scopes);
        containers.push(tested.report);
        problems.push(...tested.problems);
      }
      const expiresAt = expiryOf(headers);
      return { ok: problems.length === 0, account, scopes: scopes ?? [], expiresAt, containers, problems };
    },

    async probe(call: GitHubCall, { container }) {
      try {
        const operation = { name: "connect.probe", isWrite: false };
        await open(call).request(operation, "GET /repos/{owner}/{repo}", splitContainer(container));
        return true;
      } catch (error) {
        if (isRefusal(error) && error.failure !== "auth") return false;
        throw error;
      }
    },
  };
}

async function readAccount(client: GitHubClient): Promise<{ account: RemotePerson; headers: Headers }> {
  const answer = await client.request(accountOperation, "GET /user");
  const account = answer.as((data) => {
    const person = parseShape(restPersonShape, data, "user");
    return { ...mapRestPerson(person), displayName: person.name || person.login };
  });
  return { account, headers: answer.headers };
}

/** Scopes of a classic token; null for fine-grained ones, which do not tell what they may do. */
function scopesOf(headers: Headers): readonly string[] | null {
  return headers.has("x-oauth-scopes") ? scopesIn(headers, "x-oauth-scopes") : null;
}

function scopeProblems(scopes: readonly string[]): string[] {
  if (scopes.includes("repo") || scopes.includes("public_repo")) return [];
  return [
    `The token's scopes are "${scopes.join(", ")}". Issues need the scope repo, or public_repo where all repositories are public: make a token with it.`,
  ];
}

/** For example `2026-12-24 18:00:00 UTC`, or with an offset. */
function expiryOf(headers: Headers): number | null {
  const value = headers.get("github-authentication-token-expiration");
  if (value === null) return null;
  const time = Date.parse(
    value.replace(/^(\S+) (\S+) (?:UTC|([+-]\d{2}):?(\d{2}))$/, (_, day, clock, hours, minutes) =>
      hours === undefined ? `${day}T${clock}Z` : `${day}T${clock}${hours}:${minutes}`,
    ),
  );
  return Number.isNaN(time) ? null : time;
}
