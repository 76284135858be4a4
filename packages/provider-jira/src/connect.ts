import { type ConnectGroup, type ConnectionReport, type ContainerReport, ProviderError } from "@backref/core/provider";
import { hasStatus, isRefusal, type Operation, parseShape } from "@backref/provider-kit";
import { z } from "zod";
import type { JiraCall, JiraClient, OpenClient } from "./client.ts";
import { mapPerson, personShape } from "./map-person.ts";
import { gatewayUrl, webUrlOf } from "./site.ts";
import type { JiraAuth, JiraOptions } from "./types.ts";

const accountOperation: Operation = {
  name: "connect.account",
  isWrite: false,
  explain: { 404: { message: "There is no Jira of this kind at this base URL: check it, the context path included." } },
};
const testing: Operation = { name: "connect.test", isWrite: false };

/** What the account needs in a project, and what is missing without it. */
const needed: Readonly<Record<string, string>> = {
  BROWSE_PROJECTS: "Browse Projects: nothing can be read",
  CREATE_ISSUES: "Create Issues: defects cannot be pushed",
  EDIT_ISSUES: "Edit Issues: changes cannot be sent",
  TRANSITION_ISSUES: "Transition Issues: statuses cannot be sent",
  ADD_COMMENTS: "Add Comments: comments cannot be sent",
};
const desirable: Readonly<Record<string, string>> = {
  ASSIGN_ISSUES: "Assign Issues: assignees cannot be sent",
  LINK_ISSUES: "Link Issues: the defect is linked in the description only",
};

const serverShape = z.object({
  deploymentType: z.string().nullish(),
  baseUrl: z.string().nullish(),
  version: z.string().nullish(),
});
const permissionsShape = z.object({ permissions: z.record(z.string(), z.object({ havePermission: z.boolean() })) });

export function createConnectGroup(open: OpenClient): ConnectGroup<JiraAuth, JiraOptions> {
  return {
    account: (call: JiraCall) => readAccount(open(call)),

    async test(call: JiraCall, { containers }): Promise<ConnectionReport> {
      const client = open(call);
      const nobody = { ok: false, account: null, scopes: [], expiresAt: null, containers: [] } as const;
      try {
        const server = await readServer(client);
        const mismatch = deploymentProblem(client, server);
        if (mismatch !== null) return { ...nobody, problems: [mismatch] };
        const account = await readAccount(client);
        const tested = [];
        for (const container of containers) tested.push(await testContainer(client, container));
        const problems = tested.flatMap(({ problems: found }) => found);
        const warnings = [...pageProblem(call, server), ...tested.flatMap(({ warnings: found }) => found)];
        const reports = tested.map(({ report }) => report);
        const ok = problems.length === 0;
        return { ok, account, scopes: [], expiresAt: null, containers: reports, problems: [...problems, ...warnings] };
      } catch (error) {
        if (!isRefusal(error)) throw error;
        const mismatch = error.failure === "auth" && call.auth.type !== "oauth" ? await mismatchOf(client) : null;
        return { ...nobody, problems: [mismatch ?? error.message] };
      }
    },

    async probe(call: JiraCall, { container }) {
      const operation: Operation = { name: "connect.probe", isWrite: false };
      try {
        await open(call).request(operation, "GET", `/project/${encodeURIComponent(container)}`);
        return true;
      } catch (error) {
        if (hasStatus(error, 403, 404)) return false;
        throw error;
      }
    },
  };
}

async function readAccount(client: JiraClient) {
  const answer = await client.request(accountOperation, "GET", "/myself");
  return answer.as((data) => mapPerson(parseShape(personShape, data, "account")));
}

type Server = z.infer<typeof serverShape>;

/** Both kinds know this version, and tell anybody. */
async function readServer(client: JiraClient, isAnonymous = false): Promise<Server> {
  const operation = { ...accountOperation, name: "connect.test" };
  const answer = await client.request(operation, "GET", "/rest/api/2/serverInfo", { isAnonymous });
  return answer.as((data) => parseShape(serverShape, data, "server"));
}

/** A credential of the one kind is no good at the other; null where all is well. */
function deploymentProblem({ deployment }: JiraClient, { deploymentType }: Server): string | null {
  const isCloud = deploymentType === "Cloud";
  if (isCloud === (deployment === "cloud")) return null;
  return isCloud
    ? "This is Jira Cloud: give an e-mail address with an API token, or sign in."
    : "This is Jira Data Center: give a personal access token.";
}

/** Why a credential may be refused although it is good. */
async function mismatchOf(client: JiraClient): Promise<string | null> {
  try {
    return deploymentProblem(client, await readServer(client, true));
  } catch (error) {
    if (!ProviderError.isInstance(error)) throw error;
    return null;
  }
}

/** The gateway is for applications: no person can open an issue there. */
function pageProblem(call: JiraCall, { baseUrl }: Server): readonly string[] {
  if (new URL(webUrlOf(call)).origin !== gatewayUrl) return [];
  const site = baseUrl == null ? "the site's address" : baseUrl;
  return [`Links to issues lead to Atlassian's gateway, which shows no pages: give ${site} as the option webUrl.`];
}

async function testContainer(
  client: JiraClient,
  container: string,
): Promise<{
  readonly report: ContainerReport;
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
}> {
  try {
    const asked = [...Object.keys(needed), ...Object.keys(desirable)].join(",");
    const query = { projectKey: container, permissions: asked };
    const answer = await client.request(testing, "GET", "/mypermissions", { query });
    const { permissions } = answer.as((data) => parseShape(permissionsShape, data, "permissions"));
    const lacking = (list: Readonly<Record<string, string>>) =>
      Object.entries(list).filter(([name]) => permissions[name]?.havePermission === false);
    const told = (entries: readonly (readonly [string, string])[]) =>
      entries.map(([, words]) => `In ${container} the account lacks the permission ${words}.`);
    const missing = lacking(needed);
    const isHidden = permissions["BROWSE_PROJECTS"]?.havePermission === false;
    const report = { container, reachable: !isHidden, writable: missing.length === 0 };
    return { report, problems: told(missing), warnings: told(lacking(desirable)) };
  } catch (error) {
    if (!isRefusal(error) || error.failure === "auth") throw error;
    const why = error.status === 404 ? "check the key, and that the account may browse the project" : error.message;
    const problems = [`${container} cannot be reached: ${why}.`.replace(/\.\.$/, ".")];
    return { report: { container, reachable: false, writable: false }, problems, warnings: [] };
  }
}
