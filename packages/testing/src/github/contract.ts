import { type Contract, createContract } from "../fake/contract/contract.ts";
import { type ContractSource, extractContract, type SchemaNode } from "../fake/contract/source.ts";
import { readVendorFile } from "./vendor-file.ts";
import type { ApiVersion } from "./view.ts";

const webhookNames = /^(issues|issue-comment|installation|installation-repositories)-|^ping$/;
const memory: { source?: ContractSource } = {};
const known = new Map<ApiVersion, Contract>();

/** The contract of one API version, limited to these operations; read and compiled once per process, on first use. */
export function loadContract(version: ApiVersion, operations: readonly string[]): Contract {
  const contract = known.get(version) ?? createContract(loadContractSource(operations), version, "GitHub");
  known.set(version, contract);
  return contract;
}

/** Reads the document once per process and keeps only what hangs together with the wanted operations. */
function loadContractSource(wanted: readonly string[]): ContractSource {
  memory.source ??= extractContract(
    JSON.parse(readVendorFile("@octokit/openapi", "generated/api.github.com.json")) as SchemaNode,
    wanted,
    (name) => webhookNames.test(name),
  );
  return memory.source;
}
