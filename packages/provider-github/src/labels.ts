import type { EnsureLabelsResult, LabelDefinition, LabelsGroup } from "@backref/core/provider";
import { hasStatus, type Operation, parseShape } from "@backref/provider-kit";
import { z } from "zod";
import type { GitHubCall, GitHubClient, OpenClient } from "./client.ts";
import { repositoryUnknown } from "./errors.ts";
import { splitContainer } from "./keys.ts";
import { addressProblem } from "./label-address.ts";
import { listPages } from "./list-pages.ts";
import { repositoryUrl } from "./rest-values.ts";
import type { GitHubAuth, GitHubOptions } from "./types.ts";

const listingOf = (container: string): Operation => ({
  name: "labels.ensure",
  isWrite: false,
  explain: { 404: repositoryUnknown(container) },
});
const making: Operation = { name: "labels.ensure", isWrite: true };

const labelShape = z.object({ name: z.string() });

export function createLabelsGroup(open: OpenClient): LabelsGroup<GitHubAuth, GitHubOptions> {
  return {
    async ensure(call: GitHubCall, { container, labels }) {
      if (labels.length === 0) return { present: [], refused: [] };
      const client = open(call);
      const existing = await existingNames(client, call.baseUrl, container, labels);
      return makeMissing(client, container, labels, existing);
    },
  };
}

/** Names that exist, lower-cased as GitHub compares them; stops once all that are wanted were seen. */
async function existingNames(
  client: GitHubClient,
  baseUrl: string,
  container: string,
  wanted: readonly LabelDefinition[],
): Promise<ReadonlySet<string>> {
  const names = new Set<string>();
  const first = `${repositoryUrl(baseUrl, container)}/labels?per_page=100`;
  for await (const page of listPages(client, listingOf(container), first, nameOf)) {
    for (const name of page) names.add(name.toLowerCase());
    if (wanted.every((label) => names.has(label.name.toLowerCase()))) break;
  }
  return names;
}

function nameOf(row: unknown): string {
  return parseShape(labelShape, row, "label").name;
}

async function makeMissing(
  client: GitHubClient,
  container: string,
  labels: readonly LabelDefinition[],
  existing: ReadonlySet<string>,
): Promise<EnsureLabelsResult> {
  const present: string[] = [];
  const refused: { name: string; reason: string }[] = [];
  let denial: string | null = null;
  for (const label of labels) {
    const problem = addressProblem(label.name);
    if (problem !== null) {
      refused.push({ name: label.name, reason: problem });
      continue;
    }
    if (existing.has(label.name.toLowerCase())) {
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
}

interface Refusal {
  readonly reason: string;
  /** It concerns the account, not this label. */
  readonly isDenial: boolean;
}

async function make(client: GitHubClient, container: string, label: LabelDefinition): Promise<Refusal | null> {
  try {
    await client.request(making, "POST /repos/{owner}/{repo}/labels", { ...splitContainer(container), ...label });
    return null;
  } catch (error) {
    if (hasStatus(error, 422)) {
      return /already_exists/.test(error.message)
        ? null
        : { reason: `The label "${label.name}" cannot be made. ${error.message}`, isDenial: false };
    }
    const isDenial = hasStatus(error, 403, 404);
    if (!isDenial) throw error;
    const reason = `The token may not create labels in ${container}: give its account the role Write there. ${error.message}`;
    return { reason, isDenial };
  }
}
