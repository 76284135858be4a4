import { type Contract, createContract } from "../fake/contract/contract.ts";
import { type ContractSource, extractContract, type SchemaNode } from "../fake/contract/source.ts";
import { isInstalled, readVendorFile } from "./vendor-file.ts";
import type { ApiVersion } from "./view.ts";

const vendorPackage = "@octokit/openapi";
const webhookNames = /^(issues|issue-comment|installation|installation-repositories)-|^ping$/;
const memory: { source?: ContractSource } = {};
const known = new Map<ApiVersion, Contract>();

/**
 * Whether a fake holds requests against GitHub's own description: where that is installed, unless it was said.
 *
 * @throws TypeError where it shall and cannot
 */
export function checksContract(asked: boolean | undefined, isThere: boolean = isInstalled(vendorPackage)): boolean {
  if (asked === true && !isThere) {
    throw new TypeError(`createFakeGitHub: checkContract needs ${vendorPackage}. Install it beside @backref/testing.`);
  }
  return asked ?? isThere;
}

/** The contract of one API version, limited to these operations; read and compiled once per process, on first use. */
export function loadContract(version: ApiVersion, operations: readonly string[]): Contract {
  const contract = known.get(version) ?? createContract(loadContractSource(operations), version, "GitHub");
  known.set(version, contract);
  return contract;
}

/** Reads the document once per process and keeps only what hangs together with the wanted operations. */
function loadContractSource(wanted: readonly string[]): ContractSource {
  memory.source ??= extractContract(
    JSON.parse(readVendorFile(vendorPackage, "generated/api.github.com.json")) as SchemaNode,
    wanted,
    (name) => webhookNames.test(name),
  );
  return memory.source;
}
