import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { contractFolder as folderOf } from "../../../tests/support/contracts.ts";

export const contractFolder: string = folderOf("jira");

const file = join(contractFolder, "adf.schema.json");

/** Complaints of the official schema about a document; null where the schema is not at hand. */
export function loadDocumentSchema(): ((document: unknown) => readonly string[]) | null {
  if (!existsSync(file)) return null;
  const { $schema: _dialect, ...schema } = JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown>;
  const validate = new Ajv({ strict: false, logger: false }).compile(schema);
  return (document) =>
    validate(document) ? [] : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}
