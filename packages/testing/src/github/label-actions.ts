import { invalid } from "./failure.ts";
import { createNodeId } from "./identifiers.ts";
import type { LabelRecord, RepositoryRecord } from "./model.ts";
import type { World } from "./world.ts";

/** The grey GitHub gives to a label that came into being by being used. */
const defaultColor = "ededed";

/** What a new label is made of. */
export interface NewLabel {
  readonly name: string;
  readonly color?: string | undefined;
  readonly description?: string | null | undefined;
}

export function createLabel(world: World, repository: RepositoryRecord, input: NewLabel): LabelRecord {
  const name = input.name.trim();
  if (name === "") throw invalid({ resource: "Label", code: "missing_field", field: "name" });
  if (name.length > 50) throw invalid({ resource: "Label", code: "too_long", field: "name" });
  if (world.findLabel(repository.id, name) !== undefined)
    throw invalid({ resource: "Label", code: "already_exists", field: "name" });
  const color = input.color ?? defaultColor;
  if (!/^[0-9a-f]{6}$/i.test(color)) throw invalid({ resource: "Label", code: "invalid", field: "color" });
  const description = input.description ?? null;
  if (description !== null && description.length > 100)
    throw invalid({ resource: "Label", code: "too_long", field: "description" });
  const id = world.nextId("label");
  const nodeId = createNodeId("LA", repository.id, id);
  const label = { id, nodeId, repositoryId: repository.id, name, color: color.toLowerCase(), description };
  world.labels.set(label, world.now());
  return label;
}

/** Turns names into label ids, without doubles; unknown ones are created, or left out where that is not allowed. */
export function resolveLabels(
  world: World,
  repository: RepositoryRecord,
  names: readonly string[],
  mayCreate: boolean,
): number[] {
  const ids = new Set<number>();
  for (const name of names) {
    const known = world.findLabel(repository.id, name.trim());
    if (known !== undefined) ids.add(known.id);
    else if (mayCreate) ids.add(createLabel(world, repository, { name }).id);
  }
  return [...ids];
}
