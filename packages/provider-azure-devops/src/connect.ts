import type { ConnectGroup, ConnectionReport, ContainerReport, RemotePerson } from "@backref/core/provider";
import { isRefusal, type Operation, parseShape } from "@backref/provider-kit";
import { z } from "zod";
import type { AzureDevOpsCall, AzureDevOpsClient, OpenClient } from "./client.ts";
import { isProjectThere, readProject } from "./containers.ts";
import { setField } from "./create-fields.ts";
import { errors, missingField } from "./errors.ts";
import { bodyFieldOf, fieldNames } from "./fields.ts";
import { mapPerson } from "./map-person.ts";
import { segment } from "./site.ts";
import type { AzureDevOpsAuth, AzureDevOpsOptions } from "./types.ts";
import { readTypeNames } from "./work-item-types.ts";

const accountOperation: Operation = {
  name: "connect.account",
  isWrite: false,
  explain: {
    404: {
      message: "There is no organisation or collection at this base URL: check it, the collection's name included.",
    },
  },
};
const testing: Operation = { name: "connect.test", isWrite: false };

/** Whoever is not signed in where that is not needed. */
const anonymous = "aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa";

const connectionShape = z.object({
  authenticatedUser: z.object({
    id: z.string(),
    providerDisplayName: z.string().nullish(),
    customDisplayName: z.string().nullish(),
    properties: z
      .object({ Account: z.object({ $value: z.string() }).nullish().catch(null) })
      .nullish()
      .catch(null),
  }),
});

export function createConnectGroup(open: OpenClient): ConnectGroup<AzureDevOpsAuth, AzureDevOpsOptions> {
  return {
    account: (call: AzureDevOpsCall) => readAccount(open(call)),

    async test(call: AzureDevOpsCall, { containers }): Promise<ConnectionReport> {
      const client = open(call);
      try {
        const account = await readAccount(client);
        const tested = [];
        for (const container of containers) tested.push(await testContainer(call, client, container));
        const problems = tested.flatMap(({ problem }) => problem ?? []);
        const reports = tested.map(({ report }) => report);
        return { ok: problems.length === 0, account, scopes: [], expiresAt: null, containers: reports, problems };
      } catch (error) {
        if (!isRefusal(error)) throw error;
        return { ok: false, account: null, scopes: [], expiresAt: null, containers: [], problems: [error.message] };
      }
    },

    probe: (call: AzureDevOpsCall, { container }) =>
      isProjectThere(open(call), { name: "connect.probe", isWrite: false }, container),
  };
}

async function readAccount(client: AzureDevOpsClient): Promise<RemotePerson> {
  const answer = await client.request(accountOperation, "GET", "/_apis/connectionData", { preview: 1 });
  const { id, customDisplayName, providerDisplayName, properties } = answer.as(
    (data) => parseShape(connectionShape, data, "connection").authenticatedUser,
  );
  if (id === anonymous) {
    const message =
      "Azure DevOps took the credential for nobody's: it is expired, revoked or mistyped. Give a new one.";
    throw errors.build(accountOperation, { failure: "auth", message });
  }
  const displayName = customDisplayName || providerDisplayName || null;
  return mapPerson({ id, uniqueName: properties?.Account?.$value ?? null, displayName });
}

/** Reading is tried, and so is a new work item of the source's type, which is checked and not made. */
async function testContainer(
  call: AzureDevOpsCall,
  client: AzureDevOpsClient,
  container: string,
): Promise<{ readonly report: ContainerReport; readonly problem: string | null }> {
  try {
    await readProject(client, testing, container);
  } catch (error) {
    if (!isRefusal(error) || error.failure === "auth") throw error;
    const report = { container, reachable: false, writable: false };
    return { report, problem: `${container} cannot be reached: ${error.message}` };
  }
  const type = call.options.workItemType;
  const steps = [fieldNames.title, bodyFieldOf(type, call.options)].map((name) => setField(name, "Connection test"));
  const writable: ContainerReport = { container, reachable: true, writable: true };
  try {
    await client.request(testing, "POST", `/${segment(container)}/_apis/wit/workitems/$${segment(type)}`, {
      query: { validateOnly: true },
      patch: steps,
    });
    return { report: writable, problem: null };
  } catch (error) {
    if (!isRefusal(error)) throw error;
    if (missingField(error) !== null) return { report: writable, problem: `In ${container}: ${error.message}` };
    // Rules that ask for a field are met by targets' defaults: whoever is told of them may write.
    if (error.failure === "permanent" && error.issues.length > 0) return { report: writable, problem: null };
    const problem =
      error.failure === "gone"
        ? await typeUnknown(client, container, type)
        : `In ${container} the account may not make work items: it needs the scope Work items (read & write) and the permission Edit work items in this node. ${error.message}`;
    return { report: { ...writable, writable: false }, problem };
  }
}

async function typeUnknown(client: AzureDevOpsClient, container: string, type: string): Promise<string> {
  const names = await readTypeNames(client, testing, container).catch((error: unknown) => {
    if (!isRefusal(error)) throw error;
    return [];
  });
  const others = names.length === 0 ? "" : ` It has: ${names.join(", ")}.`;
  return `Project ${container} has no work item type "${type}": set the source's option for it.${others}`;
}
