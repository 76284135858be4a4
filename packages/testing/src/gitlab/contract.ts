import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { type Contract, createContract } from "../fake/contract/contract.ts";
import { extractContract, type SchemaNode } from "../fake/contract/source.ts";
import type { Route } from "./router.ts";
import { operationName } from "./router.ts";

const known = new Map<string, Contract | null>();
const file = "gitlab-v4.extract.openapi.yaml";

/** The contract in a folder, read once per process; null where the folder has none. */
export function loadGitLabContract(folder: string, operations: readonly string[]): Contract | null {
  const loaded = known.get(folder);
  if (loaded !== undefined) return loaded;
  const path = join(folder, file);
  const contract = existsSync(path)
    ? createContract(
        extractContract(parse(readFileSync(path, "utf8")) as SchemaNode, operations, () => false),
        "2022-11-28",
        "GitLab",
      )
    : null;
  known.set(folder, contract);
  return contract;
}

/** What is wrong with a request; empty for a good one. */
export function complaintsAbout(
  contract: Contract,
  { operation, params }: Route,
  query: URLSearchParams,
  body: unknown,
): readonly string[] {
  if (operation.isOutsideExtract === true || operation.template.endsWith("/uploads")) return [];
  // A number would fit both kinds of project id that the contract allows, and it allows one of them.
  const { id, ...others } = params;
  const named = id === undefined ? {} : { id: operation.template.startsWith("/projects/") ? `project-${id}` : id };
  const listed = [...query].filter(([name]) => name.endsWith("[]"));
  const single = new URLSearchParams([...query].filter(([name]) => !name.endsWith("[]")));
  for (const [name, value] of listed) single.set(name.slice(0, -"[]".length), value);
  const lists = listed.flatMap(([name, value]) =>
    name === "iids[]" && !/^\d+$/.test(value) ? [`query/${name} ${value} is no number`] : [],
  );
  const name = operationName(operation);
  return [
    ...lists,
    ...contract.checkRequest({ operation: name, params: { ...others, ...named }, query: single, body }),
  ];
}
