import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Contract, createContract } from "../fake/contract/contract.ts";
import { extractContract, type SchemaNode } from "../fake/contract/source.ts";
import { fromSwagger, mapSchemas } from "../fake/contract/swagger.ts";

/** Microsoft's own files: requests are held against them. */
export type AzureDevOpsContract = Pick<Contract, "checkRequest" | "checkResponse">;

const files: readonly string[] = [
  "specification/wit/7.1/workItemTracking.json",
  "specification/core/7.1/core.json",
  "specification/hooks/7.1/serviceHooks.json",
];

const known = new Map<string, AzureDevOpsContract | null>();

/** The contract in a folder, read once per process; null where the folder has none. */
export function loadAzureDevOpsContract(folder: string, operations: readonly string[]): AzureDevOpsContract | null {
  const loaded = known.get(folder);
  if (loaded !== undefined) return loaded;
  const isThere = files.every((name) => existsSync(join(folder, name)));
  const contract = isThere ? readContract(folder, operations) : null;
  known.set(folder, contract);
  return contract;
}

function readContract(folder: string, operations: readonly string[]): AzureDevOpsContract {
  const parts = files.map((name) => {
    // The files begin with a byte order mark, which is no JSON.
    const text = readFileSync(join(folder, name), "utf8").replace(/^\uFEFF/, "");
    const document = fromSwagger(mend(JSON.parse(text) as SchemaNode));
    const own = operations.filter((name) => hasOperation(document, name));
    const source = extractContract(document, own, () => false);
    return { names: new Set(own), contract: createContract(source, "2022-11-28", "Azure DevOps") };
  });
  const find = (name: string) => parts.find(({ names }) => names.has(name))?.contract;
  return {
    checkRequest: (request) =>
      find(request.operation)?.checkRequest(request) ?? [`${request.operation} is not in Azure DevOps' contract`],
    checkResponse: (name, status, body) =>
      find(name)?.checkResponse(name, status, body) ?? [`${name} is not in Azure DevOps' contract`],
  };
}

function hasOperation(document: SchemaNode, name: string): boolean {
  const [method = "", template = ""] = name.split(" ");
  const paths = document["paths"] as Readonly<Record<string, SchemaNode>>;
  return paths[template]?.[method.toLowerCase()] !== undefined;
}

/**
 * Where the files contradict the service: a value of any type is called an object, a document of JSON Patch an object that is a list, links by name an object with one member, rows of the reporting API texts; values of enumerations are lower case here and capitalised there.
 */
function mend(document: SchemaNode): SchemaNode {
  const definitions = { ...(document["definitions"] as Readonly<Record<string, SchemaNode>>) };
  if ("ReferenceLinks" in definitions) definitions["ReferenceLinks"] = { type: "object" };
  if ("JsonPatchDocument" in definitions)
    definitions["JsonPatchDocument"] = { type: "array", items: { $ref: "#/definitions/JsonPatchOperation" } };
  if ("ReportingWorkItemRevisionsBatch" in definitions) {
    const { properties } = definitions["StreamedBatch"] as { readonly properties: SchemaNode };
    const values = { type: "array", items: { $ref: "#/definitions/WorkItem" } };
    definitions["ReportingWorkItemRevisionsBatch"] = { type: "object", properties: { ...properties, values } };
  }
  return mapSchemas({ ...document, definitions }, (schema) => {
    const isAnything =
      schema.type === "object" && !["properties", "allOf", "additionalProperties"].some((name) => name in schema);
    if (isAnything) return {};
    if (!Array.isArray(schema.enum)) return schema;
    const either = schema.enum.flatMap((value) => {
      const text = String(value);
      return [...new Set([text, text.toLowerCase(), `${text.charAt(0).toUpperCase()}${text.slice(1)}`])];
    });
    return { ...schema, enum: either };
  });
}
