import { existsSync } from "node:fs";
import { join } from "node:path";

/** GitLab's own contract, where it is at hand; undefined elsewhere. */
export function contractFolder(): string | undefined {
  const contracts = process.env["BACKREF_CONTRACTS"] ?? join(import.meta.dirname, "../../../../shared/contracts");
  const folder = join(contracts, "gitlab");
  return existsSync(join(folder, "gitlab-v4.extract.openapi.yaml")) ? folder : undefined;
}
