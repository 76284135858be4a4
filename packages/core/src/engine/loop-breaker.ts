import type { SyncField } from "../domain/fields.ts";
import type { LinkRow } from "../storage/rows/link-rows.ts";
import type { Workspace } from "./workspace.ts";

const mostAlternations = 6;
const windowMs = 600_000;

/**
 * Counts how often a field came in right after another link's value had come in, without a person's edit between.
 * Two trackers that answer each other through one defect would do so for ever; the field is frozen instead.
 */
export function countAlternations(
  work: Workspace,
  fields: readonly SyncField[],
): { readonly alternations: LinkRow["alternations"]; readonly freeze: readonly SyncField[] } {
  const { link, defect, pass } = work;
  const at = pass.now();
  const alternations: { -readonly [Key in keyof LinkRow["alternations"]]: LinkRow["alternations"][Key] } = {
    ...link.alternations,
  };
  const freeze: SyncField[] = [];
  for (const field of fields) {
    const changedBy = defect?.changedBy?.[field];
    const known = link.alternations[field];
    const isEngineMade = changedBy !== undefined && changedBy !== link.id;
    const recent = known !== undefined && at - known.at < windowMs ? known.count : 0;
    const count = isEngineMade ? recent + 1 : 0;
    alternations[field] = { count, at };
    if (count >= mostAlternations) freeze.push(field);
  }
  return { alternations, freeze };
}
