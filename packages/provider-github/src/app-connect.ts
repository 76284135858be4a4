import type { RemotePerson } from "@backref/core/provider";
import { followPages, type Operation, parseShape } from "@backref/provider-kit";
import { z } from "zod";
import type { GitHubAppCall } from "./app-call.ts";
import { type Installation, readInstallation } from "./app-installation.ts";
import type { GitHubClient } from "./client.ts";
import type { ContainerRights } from "./connect-container.ts";
import { isSameContainer, splitContainer } from "./keys.ts";
import { mapRestPerson, restPersonShape } from "./map-person.ts";

/** Both voices of an app. */
export interface AppClients {
  readonly asApp: GitHubClient;
  readonly asInstallation: GitHubClient;
}

export interface AppAccount {
  readonly account: RemotePerson;
  readonly installation: Installation;
}

/** The account that issues and comments of the installation are written by, `slug[bot]`. */
export async function readAppAccount(call: GitHubAppCall, clients: AppClients): Promise<AppAccount> {
  const installation = await readInstallation(call, clients.asApp, { name: "connect.account", isWrite: false });
  const login = `${installation.slug}[bot]`;
  const operation: Operation = {
    name: "connect.account",
    isWrite: false,
    explain: {
      404: { message: `The app's account ${login} is not shown: GitHub makes it with the app; try again later.` },
    },
  };
  const answer = await clients.asInstallation.request(operation, "GET /users/{login}", { login });
  return { installation, account: answer.as((data) => mapRestPerson(parseShape(restPersonShape, data, "user"))) };
}

/** What the installation was granted, as the report's scopes: `issues:write`. */
export function grantedScopes({ permissions }: Installation): readonly string[] {
  return Object.entries(permissions)
    .map(([name, level]) => `${name}:${level}`)
    .sort();
}

export function permissionProblems({ permissions, owner, settings }: Installation): readonly string[] {
  const { issues }: { readonly issues?: string } = permissions;
  if (issues === "write") return [];
  const found = issues === undefined ? "may not even read issues" : "may read issues, but not write them";
  return [
    `The app ${found}: give it the repository permission Issues: Read and write in its own settings; then ${owner ?? "the owner of the installation"} has to accept that ${settings}.`,
  ];
}

/** What the installation allows in a repository. Its roles mean nothing for apps. */
export function appRights(installation: Installation, client: GitHubClient): ContainerRights {
  const { selection, owner, permissions, settings } = installation;
  const { issues }: { readonly issues?: string } = permissions;
  let listing: Promise<readonly string[]> | null = null;
  return {
    kind: "app",
    mayWrite: issues === "write",
    async whyNotCovered(container) {
      if (selection === "all") {
        const isOwned = owner === null || splitContainer(container).owner.toLowerCase() === owner.toLowerCase();
        return isOwned ? null : `the app is installed for the repositories of ${owner}; install it there too`;
      }
      listing ??= listRepositories(client);
      const covered = await listing;
      if (covered.some((name) => isSameContainer(name, container))) return null;
      return `it is not among the repositories that the installation covers (${listed(covered)}); add it ${settings}`;
    },
  };
}

const listingOperation: Operation = { name: "connect.test", isWrite: false };
const repositoriesShape = z.object({ repositories: z.array(z.object({ full_name: z.string() })) });

async function listRepositories(client: GitHubClient): Promise<readonly string[]> {
  const names: string[] = [];
  const load = async (route: string) => {
    const answer = await client.request(listingOperation, `GET ${route}`);
    const page = answer.as((data) => parseShape(repositoriesShape, data, "repositories"));
    return { next: answer.next, names: page.repositories.map((repository) => repository.full_name) };
  };
  for await (const page of followPages("/installation/repositories?per_page=100", load)) names.push(...page.names);
  return names;
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 5).join(", ");
  if (names.length === 0) return "none";
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown;
}
