import type { IssueAddress, IssueSnapshot, ReadGroup, ReadOutcome } from "@backref/core/provider";
import { hasStatus, type Operation, parseShape } from "@backref/provider-kit";
import { z } from "zod";
import type { AzureDevOpsCall, AzureDevOpsClient } from "./client.ts";
import { isProjectThere } from "./containers.ts";
import { idOf, type OpenReader } from "./reader.ts";
import { idShape } from "./shapes.ts";
import { segment } from "./site.ts";
import type { AzureDevOpsAuth, AzureDevOpsOptions } from "./types.ts";

const operation: Operation = { name: "issue.read", isWrite: false };

export function createReadGroup(openReader: OpenReader): ReadGroup<AzureDevOpsAuth, AzureDevOpsOptions> {
  return {
    async issues(call: AzureDevOpsCall, { issues }) {
      if (issues.length === 0) return [];
      const reader = await openReader(call);
      const ids = [...new Set(issues.flatMap((address) => idOf(address) ?? []))];
      const items = ids.length === 0 ? [] : await reader.fetch(operation, ids);
      const found = new Map((await reader.map(operation, items)).map((issue) => [issue.remoteId, issue]));
      const missing = issues.filter((address) => idOf(address) !== null && !found.has(idOf(address) ?? ""));
      const deleted = await readDeleted(reader.client, missing);
      const projects = new Map<string, boolean>();
      const outcomes: ReadOutcome[] = [];
      for (const address of issues) {
        const id = idOf(address) ?? "";
        const issue = found.get(id);
        if (issue !== undefined) outcomes.push(await outcomeOf(reader.client, issue, address, projects));
        else outcomes.push({ kind: deleted.has(id) ? "deleted" : "no-access" });
      }
      return outcomes;
    },
  };
}

/** An id leads to its item whatever the project: one in another project than the address says was moved there. */
async function outcomeOf(
  client: AzureDevOpsClient,
  issue: IssueSnapshot,
  address: IssueAddress,
  projects: Map<string, boolean>,
): Promise<ReadOutcome> {
  const { remoteId, container, item, raw } = issue;
  if (container.toLowerCase() === address.container.toLowerCase()) return { kind: "live", issue };
  const moved = { kind: "moved", to: { remoteId, container, item, raw } } as const;
  if (address.remoteId !== null) return moved;
  // Nobody has seen it there: a project that there is not has no items either.
  const isThere = projects.get(address.container) ?? (await isProjectThere(client, operation, address.container));
  projects.set(address.container, isThere);
  return isThere ? moved : { kind: "no-access", reason: `there is no project ${address.container}` };
}

const entryShape = z.object({ id: idShape, code: z.number().nullish() });
const binShape = z.union([
  z.array(entryShape),
  z.object({ value: z.array(entryShape) }).transform(({ value }) => value),
]);

/** Which of these lie in the recycle bins of their projects. */
async function readDeleted(
  client: AzureDevOpsClient,
  addresses: readonly IssueAddress[],
): Promise<ReadonlySet<string>> {
  const byProject = new Map<string, string[]>();
  for (const address of addresses) {
    const ids = byProject.get(address.container) ?? [];
    byProject.set(address.container, [...ids, idOf(address) ?? ""]);
  }
  const deleted = new Set<string>();
  for (const [container, ids] of byProject) {
    try {
      const path = `/${segment(container)}/_apis/wit/recyclebin`;
      const answer = await client.request(operation, "GET", path, { query: { ids: ids.join(",") } });
      const entries = answer.as((data) => parseShape(binShape, data, "recycle bin"));
      for (const { id, code } of entries) if (code == null || code === 200) deleted.add(id);
    } catch (error) {
      // Who may not look there, or asks for a project that is not there, is told of none.
      if (!hasStatus(error, 400, 403, 404)) throw error;
    }
  }
  return deleted;
}
