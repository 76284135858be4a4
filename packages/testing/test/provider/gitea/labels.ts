import type { FieldWarning, LabelsGroup } from "@backref/core/provider";
import { type GiteaAuth, type GiteaCall, type GiteaOptions, hasStatus, request, requestAll } from "./client.ts";
import { repositoryPath } from "./keys.ts";
import { membersOf, numberOf, textOf } from "./mapping.ts";

/** Ids by name: Gitea knows labels by their ids only. */
export async function labelIds(
  call: GiteaCall,
  operation: string,
  container: string,
): Promise<ReadonlyMap<string, number>> {
  const rows = await requestAll(call, operation, `${repositoryPath(container)}/labels`, (row) => {
    const label = membersOf(row);
    return [textOf(label, "name"), numberOf(label, "id")] as const;
  });
  return new Map(rows);
}

/** A warning for labels that were sent and are not there. */
export function droppedLabels(present: readonly string[], sent: readonly string[]): readonly FieldWarning[] {
  const missing = sent.filter((name) => !present.includes(name));
  if (missing.length === 0) return [];
  const message = `Gitea did not set ${missing.join(", ")}: make the labels, or give the token's account write access.`;
  return [{ field: "labels", message }];
}

export const labelsGroup: LabelsGroup<GiteaAuth, GiteaOptions> = {
  async ensure(call: GiteaCall, { container, labels }) {
    if (labels.length === 0) return { present: [], refused: [] };
    const existing = await labelIds(call, "labels.ensure", container);
    const present: string[] = [];
    const refused: { name: string; reason: string }[] = [];
    for (const { name, color, description } of labels) {
      try {
        const body = { name, color: `#${color}`, description };
        const path = `${repositoryPath(container)}/labels`;
        const make = { operation: "labels.ensure", method: "POST", path, body, map: () => null } as const;
        if (!existing.has(name)) await request(call, make);
        present.push(name);
      } catch (error) {
        if (!hasStatus(error, 403, 404, 422)) throw error;
        refused.push({ name, reason: `The token may not make labels in ${container}.` });
      }
    }
    return { present, refused };
  },
};
