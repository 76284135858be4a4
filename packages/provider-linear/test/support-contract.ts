import { existsSync } from "node:fs";
import { join } from "node:path";

/** Linear's own schema, where it is at hand; undefined elsewhere. */
export function contractFolder(): string | undefined {
  const contracts = process.env["BACKREF_CONTRACTS"] ?? join(import.meta.dirname, "../../../../shared/contracts");
  const folder = join(contracts, "linear");
  return existsSync(join(folder, "schema.graphql")) ? folder : undefined;
}
