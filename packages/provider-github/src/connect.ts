import type { ConnectGroup, ConnectionReport, RemotePerson } from "@backref/core/provider";
import { isRefusal, type Operation, parseShape } from "@backref/provider-kit";
import { type GitHubAppCall, isAppCall } from "./app-call.ts";
import { appRights, grantedScopes, permissionProblems, readAppAccount } from "./app-connect.ts";
import type { GitHubCall, GitHubClient, OpenClient } from "./client.ts";
import { type ContainerRights, testContainer } from "./connect-container.ts";
import { expiryOf, expiryWarnings } from "./credential-expiry.ts";
import { scopesIn } from "./errors.ts";
import { mapRestPerson, restPersonShape } from "./map-person.ts";
import { repositoryState } from "./repository.ts";
import type { GitHubAuth, GitHubOptions } from "./types.ts";

const accountOperation: Operation = {
  name: "connect.account",
  isWrite: false,
  explain: {
    404: { message: "There is no GitHub API at this base URL: check it." },
    403: {
      message:
        "This token has no account of its own: use a personal access token of the account that shall post, or sign in as a GitHub App.",
    },
  },
};

/** What a credential is, found out without looking at any repository. */
interface Identity {
  readonly account: RemotePerson;
  readonly scopes: readonly string[];
  readonly expiresAt: number | null;
  readonly rights: ContainerRights;
  readonly problems: readonly string[];
}

/** @param openAsApp asks as the app itself, where `open` asks as its installation */
export function createConnectGroup(
  open: OpenClient,
  openAsApp: (call: GitHubAppCall) => GitHubClient,
): ConnectGroup<GitHubAuth, GitHubOptions> {
  const identify = async (call: GitHubCall): Promise<Identity> => {
    if (!isAppCall(call)) return identifyToken(open(call));
    const clients = { asApp: openAsApp(call), asInstallation: open(call) };
    const { account, installation } = await readAppAccount(call, clients);
    return {
      account,
      scopes: grantedScopes(installation),
      // The app's key does not end, and the tokens made with it are renewed.
      expiresAt: null,
      rights: appRights(installation, clients.asInstallation),
      problems: permissionProblems(installation),
    };
  };

  return {
    async account(call: GitHubCall) {
      return (await identify(call)).account;
    },

    async test(call: GitHubCall, request): Promise<ConnectionReport> {
      let identity: Identity;
      try {
        identity = await identify(call);
      } catch (error) {
        if (!isRefusal(error)) throw error;
        const { message } = error;
        return { ok: false, account: null, scopes: [], expiresAt: null, containers: [], problems: [message] };
      }
      const { account, scopes, expiresAt, rights } = identity;
      const problems = [...identity.problems];
      const containers = [];
      let ok = problems.length === 0;
      for (const container of request.containers) {
        const tested = await testContainer(open(call), container, rights);
        containers.push(tested.report);
        if (tested.isAmiss) ok = false;
        problems.push(...tested.problems);
      }
      const warnings = expiryWarnings(expiresAt, call.clock.now());
      return { ok, account, scopes, expiresAt, containers, problems: [...problems, ...warnings] };
    },

    async probe(call: GitHubCall, { container }) {
      const operation = { name: "connect.probe", isWrite: false };
      return (await repositoryState(open(call), operation, container)) === "open";
    },
  };
}

async function identifyToken(client: GitHubClient): Promise<Identity> {
  const answer = await client.request(accountOperation, "GET /user");
  const account = answer.as((data) => {
    const person = parseShape(restPersonShape, data, "user");
    return { ...mapRestPerson(person), displayName: person.name || person.login };
  });
  // Only classic tokens tell their scopes.
  const isClassic = answer.headers.has("x-oauth-scopes");
  const scopes = scopesIn(answer.headers, "x-oauth-scopes");
  return {
    account,
    scopes,
    expiresAt: expiryOf(answer.headers),
    rights: isClassic ? { kind: "classic", scopes } : { kind: "fine-grained" },
    problems: isClassic ? scopeProblems(scopes) : [],
  };
}

function scopeProblems(scopes: readonly string[]): string[] {
  if (scopes.includes("repo") || scopes.includes("public_repo")) return [];
  return [
    `The token's scopes are "${scopes.join(", ")}". Issues need the scope repo, or public_repo where all repositories are public: make a token with it.`,
  ];
}
