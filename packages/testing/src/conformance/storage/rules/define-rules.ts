import type { Rule } from "../../rule.ts";
import type { StorageContext } from "../context.ts";

type Check = (context: StorageContext) => Promise<void>;

/** Rules of one member of the contract: id without its prefix, title, check. */
export function defineRules(
  documentedAt: string,
  entries: readonly (readonly [id: string, title: string, check: Check])[],
): readonly Rule<StorageContext>[] {
  return entries.map(([id, title, check]) => ({ id: `storage/${id}`, title, documentedAt, check }));
}
