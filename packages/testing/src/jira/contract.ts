import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv, type ValidateFunction } from "ajv";
import { type Contract, createContract } from "../fake/contract/contract.ts";
import type { SchemaNode } from "../fake/contract/source.ts";
import { extractContract } from "../fake/contract/source.ts";

/** Atlassian's own files: requests are held against them. */
export interface JiraContract {
  readonly requests: Contract;
  /** What is wrong with a document of ADF; empty for a good one. */
  checkDocument(document: unknown): readonly string[];
}

const known = new Map<string, JiraContract | null>();
const openApiFile = "jira-cloud-v3.openapi.json";
const documentFile = "adf.schema.json";

/** The contract in a folder, read once per process; null where the folder has none. */
export function loadJiraContract(folder: string, operations: readonly string[]): JiraContract | null {
  const loaded = known.get(folder);
  if (loaded !== undefined) return loaded;
  const isThere = [openApiFile, documentFile].every((name) => existsSync(join(folder, name)));
  const contract = isThere ? readContract(folder, operations) : null;
  known.set(folder, contract);
  return contract;
}

function readContract(folder: string, operations: readonly string[]): JiraContract {
  const read = (name: string) => JSON.parse(readFileSync(join(folder, name), "utf8")) as SchemaNode;
  const source = extractContract(read(openApiFile), operations, () => false);
  const validate = compileDocument(read(documentFile));
  return {
    requests: createContract(source, "2022-11-28", "Jira"),
    checkDocument(document) {
      if (validate(document)) return [];
      return (validate.errors ?? []).map(({ instancePath, message }) => `document${instancePath} ${message}`);
    },
  };
}

/** Draft 4, of which only the dialect's name differs for what the file uses. */
function compileDocument(schema: SchemaNode): ValidateFunction {
  const { $schema: _dialect, ...rest } = schema;
  return new Ajv({ strict: false, logger: false }).compile(rest);
}
