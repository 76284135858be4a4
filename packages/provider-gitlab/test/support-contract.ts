import { contractFolder as folderOf, hasContract } from "../../../tests/support/contracts.ts";

/** Undefined where it is not at hand. */
export function contractFolder(): string | undefined {
  return hasContract("gitlab") ? folderOf("gitlab") : undefined;
}
