import type { ConnectGroup, ConnectionReport } from "@backref/core/provider";
import { isRefusal, parseShape } from "@backref/provider-kit";
import { z } from "zod";
import type { LinearCall, OpenClient } from "./client.ts";
import { accountDocument, probeDocument, viewerDocument } from "./documents.ts";
import { foreignWorkspace, type Operation } from "./errors.ts";
import { mapPerson, personShape } from "./map-person.ts";
import type { LinearAuth, LinearOptions } from "./types.ts";

const testing: Operation = { name: "connect.test", isWrite: false };
const asking: Operation = { name: "connect.account", isWrite: false };
const probing: Operation = { name: "connect.probe", isWrite: false };

const accountShape = z.object({ viewer: personShape, organization: z.object({ id: z.string() }) });
const testShape = z.object({
  viewer: personShape,
  organization: z.object({ id: z.string(), urlKey: z.string(), previousUrlKeys: z.array(z.string()) }),
  teams: z.object({ nodes: z.array(z.object({ key: z.string() })) }),
});
const probeShape = z.object({ teams: z.object({ nodes: z.array(z.unknown()) }) });

export function createConnectGroup(open: OpenClient): ConnectGroup<LinearAuth, LinearOptions> {
  return {
    account: (call: LinearCall) =>
      open(call).ask(asking, accountDocument, {}, (data) => {
        const { viewer, organization } = parseShape(accountShape, data, "data");
        requireOwnWorkspace(call, asking, organization.id);
        return mapPerson(viewer);
      }),

    async test(call: LinearCall, { containers }): Promise<ConnectionReport> {
      try {
        const keys = containers.map((container) => container.toUpperCase());
        return await open(call).ask(testing, viewerDocument, { keys }, (data) => {
          const found = parseShape(testShape, data, "data");
          requireOwnWorkspace(call, testing, found.organization.id);
          return reportOf(call, found, containers);
        });
      } catch (error) {
        if (!isRefusal(error)) throw error;
        const { message } = error;
        return { ok: false, account: null, scopes: [], expiresAt: null, containers: [], problems: [message] };
      }
    },

    probe: (call: LinearCall, { container }) =>
      open(call).ask(
        probing,
        probeDocument,
        { key: container },
        (data) => parseShape(probeShape, data, "data").teams.nodes.length > 0,
      ),
  };
}

/** Deliveries of the application go by the workspace that a credential names, so that has to be its own. */
function requireOwnWorkspace(call: LinearCall, operation: Operation, organizationId: string): void {
  const { auth } = call;
  if (auth.type !== "oauth" || auth.organizationId === null || auth.organizationId === organizationId) return;
  throw foreignWorkspace(operation);
}

function reportOf(call: LinearCall, found: z.infer<typeof testShape>, containers: readonly string[]): ConnectionReport {
  const reached = new Set(found.teams.nodes.map(({ key }) => key.toUpperCase()));
  const reports = containers.map((container) => {
    const reachable = reached.has(container.toUpperCase());
    // Linear does not tell what a credential may do; only a write would.
    return { container, reachable, writable: reachable ? null : false };
  });
  const missing = reports.filter(({ reachable }) => !reachable);
  const problems = missing.map(
    ({ container }) =>
      `Team ${container} was not found, or the credential cannot see it: check the key, and that its owner is a member of the team.`,
  );
  const { urlKey, previousUrlKeys } = found.organization;
  const { workspace } = call.options;
  const isOther = urlKey.toLowerCase() !== workspace && !previousUrlKeys.some((key) => key.toLowerCase() === workspace);
  if (isOther) {
    problems.unshift(
      `The credential belongs to the workspace ${urlKey}, not to ${workspace}: enter that one, or another credential.`,
    );
  } else if (urlKey.toLowerCase() !== workspace) {
    problems.push(`The workspace is called ${urlKey} now: enter that, so that addresses are right.`);
  }
  return {
    ok: missing.length === 0 && !isOther,
    account: mapPerson(found.viewer),
    scopes: [],
    expiresAt: call.auth.type === "oauth" ? call.auth.expiresAt : null,
    containers: reports,
    problems,
  };
}
