import type { LabelDefinition, LabelsGroup } from "@backref/core/provider";
import { hasStatus, type Operation, parseShape } from "@backref/provider-kit";
import { z } from "zod";
import type { GitLabCall, GitLabClient, OpenClient } from "./client.ts";
import { projectRenamed, projectUnknown } from "./errors.ts";
import { projectAddress } from "./keys.ts";
import { listPages } from "./list-pages.ts";
import type { GitLabAuth, GitLabOptions } from "./types.ts";

const labelShape = z.object({ name: z.string() });

/** Labels of the project; those of the groups above it are as good. */
export function createLabelsGroup(open: OpenClient): LabelsGroup<GitLabAuth, GitLabOptions> {
  return {
    async ensure(call: GitLabCall, { container, labels }) {
      if (labels.length === 0) return { present: [], refused: [] };
      const client = open(call);
      const existing = await existingNames(client, container, labels);
      const present: string[] = [];
      const refused: { name: string; reason: string }[] = [];
      let denial: string | null = null;
      for (const label of labels) {
        if (existing.has(label.name)) {
          present.push(label.name);
          continue;
        }
        // What the account may not do once, it may not do again.
        const refusal: Refusal | null =
          denial === null ? await make(client, container, label) : { reason: denial, isDenial: true };
        if (refusal === null) present.push(label.name);
        else refused.push({ name: label.name, reason: refusal.reason });
        if (refusal?.isDenial) denial = refusal.reason;
      }
      return { present, refused };
    },
  };
}

/** Stops once all that are wanted were seen. */
async function existingNames(
  client: GitLabClient,
  container: string,
  wanted: readonly LabelDefinition[],
): Promise<ReadonlySet<string>> {
  const operation: Operation = {
    name: "labels.ensure",
    isWrite: false,
    explain: { 404: projectUnknown(container) },
  };
  const names = new Set<string>();
  const path = `${projectAddress(container)}/labels`;
  const nameOf = (row: unknown) => parseShape(labelShape, row, "label").name;
  for await (const page of listPages(client, operation, path, { include_ancestor_groups: true }, nameOf)) {
    for (const name of page) names.add(name);
    if (wanted.every((label) => names.has(label.name))) break;
  }
  return names;
}

interface Refusal {
  readonly reason: string;
  /** It concerns the account, not this label. */
  readonly isDenial: boolean;
}

async function make(
  client: GitLabClient,
  container: string,
  { name, color, description }: LabelDefinition,
): Promise<Refusal | null> {
  try {
    const making = { name: "labels.ensure", isWrite: true, explain: { 405: projectRenamed(container) } };
    const body = { name, color: `#${color}`, description };
    await client.request(making, "POST", `${projectAddress(container)}/labels`, { body });
    return null;
  } catch (error) {
    // Somebody else made it at the same time.
    if (hasStatus(error, 409)) return null;
    if (hasStatus(error, 400)) {
      return { reason: `The label "${name}" cannot be made. ${error.message}`, isDenial: false };
    }
    const isDenial = hasStatus(error, 403, 404);
    if (!isDenial) throw error;
    const reason = `The token may not create labels in ${container}: give its account the role Planner, Reporter or higher there. ${error.message}`;
    return { reason, isDenial };
  }
}
