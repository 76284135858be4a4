import type { ContainersGroup } from "@backref/core/provider";
import { hasStatus, type Operation, parseShape } from "@backref/provider-kit";
import { z } from "zod";
import { type AzureDevOpsCall, type AzureDevOpsClient, type OpenClient, valuesOf } from "./client.ts";
import { projectUnknown } from "./errors.ts";
import { segment } from "./site.ts";
import type { AzureDevOpsAuth, AzureDevOpsOptions } from "./types.ts";

const operation: Operation = { name: "containers.list", isWrite: false };
const projectShape = z.object({ id: z.string(), name: z.string() });
const mostResults = 100;

/** Projects that the account may see. */
export function createContainersGroup(open: OpenClient): ContainersGroup<AzureDevOpsAuth, AzureDevOpsOptions> {
  return {
    async list(call: AzureDevOpsCall, { text, limit = mostResults, cursor }) {
      const skip = /^\d+$/.test(cursor ?? "") ? Number(cursor) : 0;
      const $top = Math.min(limit, mostResults);
      const query = { stateFilter: "wellFormed", $top, $skip: skip };
      const answer = await open(call).request(operation, "GET", "/_apis/projects", { query });
      const projects = answer.as((data) => valuesOf(data).map((row) => parseShape(projectShape, row, "project")));
      const named = projects.filter(({ name }) => name.toLowerCase().includes(text.toLowerCase()));
      return {
        items: named.map(({ name }) => ({ container: name, name, url: `${call.baseUrl}/${segment(name)}` })),
        nextCursor: projects.length < $top ? null : String(skip + projects.length),
      };
    },
  };
}

/** A project's id and its name as it is written now. Throws `gone` where it is not there. */
export async function readProject(
  client: AzureDevOpsClient,
  { name, isWrite }: Operation,
  container: string,
): Promise<{ readonly id: string; readonly name: string }> {
  const asking: Operation = { name, isWrite, explain: { 404: projectUnknown(container) } };
  const answer = await client.request(asking, "GET", `/_apis/projects/${segment(container)}`);
  return answer.as((data) => parseShape(projectShape, data, "project"));
}

export async function isProjectThere(
  client: AzureDevOpsClient,
  operation: Operation,
  container: string,
): Promise<boolean> {
  try {
    await readProject(client, operation, container);
    return true;
  } catch (error) {
    if (hasStatus(error, 403, 404)) return false;
    throw error;
  }
}
