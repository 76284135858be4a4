import { asObject, asText, type JsonObject } from "../fake/json.ts";
import { AzureDevOpsFailure, fieldNotFound, forbidden, invalid, type RuleProblem } from "./failure.ts";
import { readFieldValue, readTags, tagsOf } from "./field-values.ts";
import type { ProjectRecord, RelationRecord, TextFormat, WorkItemRecord } from "./model.ts";
import type { World } from "./world.ts";

/** What a document of JSON Patch makes of a work item. */
export interface PatchedItem {
  readonly fields: JsonObject;
  readonly markdown: readonly string[];
  readonly relations: readonly RelationRecord[];
  /** A comment by `System.History`. */
  readonly history: { readonly text: string; readonly format: TextFormat } | null;
  readonly problems: readonly RuleProblem[];
}

/** The part of an item that can be patched. */
export type Patchable = Pick<WorkItemRecord, "rev" | "fields" | "markdown" | "relations" | "projectId" | "type">;

interface Draft {
  readonly item: Patchable;
  readonly project: ProjectRecord;
  readonly fields: Record<string, unknown>;
  readonly formats: Map<string, TextFormat>;
  readonly given: Set<string>;
  readonly problems: RuleProblem[];
  relations: RelationRecord[];
  history: string | null;
}

/** Applies the operations one by one, as they stand; the first that fails refuses all. */
export function applyPatch(world: World, item: Patchable, operations: unknown, mayCreateTags: boolean): PatchedItem {
  if (!Array.isArray(operations) || operations.length === 0)
    throw invalid("You must pass a valid patch document in the body of the request.", "VssPropertyValidationException");
  const draft: Draft = {
    item,
    project: world.projectOf(item),
    fields: { ...item.fields },
    formats: new Map(),
    given: new Set(),
    problems: [],
    relations: [...item.relations],
    history: null,
  };
  for (const entry of operations) applyOperation(world, draft, asObject(entry), mayCreateTags);
  for (const name of draft.formats.keys())
    if (!draft.given.has(name)) throw invalid(`The format of ${name} was changed without a value.`);
  const markdown = new Set(item.markdown);
  for (const [name, format] of draft.formats) format === "markdown" ? markdown.add(name) : markdown.delete(name);
  markdown.delete("System.History");
  const format = draft.formats.get("System.History") ?? "html";
  return {
    fields: draft.fields,
    markdown: [...markdown],
    relations: draft.relations,
    history: draft.history === null ? null : { text: draft.history, format },
    problems: draft.problems,
  };
}

function applyOperation(world: World, draft: Draft, operation: JsonObject, mayCreateTags: boolean): void {
  const op = (asText(operation["op"]) ?? "").toLowerCase();
  const path = asText(operation["path"]) ?? "";
  const [, place = "", ...rest] = path.split("/");
  const name = rest.join("/");
  if (place === "rev" || path === "/id") {
    testRevision(draft.item.rev, op, path, operation["value"]);
    return;
  }
  if (place === "fields") setField(world, draft, { op, name, value: operation["value"], mayCreateTags });
  else if (place === "multilineFieldsFormat") setFormat(world, draft, name, operation["value"]);
  else if (place === "relations") changeRelations(draft, op, name, operation["value"]);
  else throw invalid(`The path ${path} is not supported.`);
}

function testRevision(rev: number, op: string, path: string, value: unknown): void {
  if (op !== "test") throw invalid(`The operation ${op} is not supported for ${path}.`);
  if (Number(value) === rev) return;
  const message = `VS403351: Test Operation for path ${path} failed, value ${rev} was not equal to test value ${value}.`;
  throw new AzureDevOpsFailure(412, "TestPatchOperationFailedException", message);
}

interface FieldOperation {
  readonly op: string;
  readonly name: string;
  readonly value: unknown;
  readonly mayCreateTags: boolean;
}

function setField(world: World, draft: Draft, { op, name, value, mayCreateTags }: FieldOperation): void {
  const field = world.findField(name);
  if (field === undefined) throw fieldNotFound(name);
  const { referenceName } = field;
  if (op === "test") {
    if (String(draft.fields[referenceName]) === String(value)) return;
    const message = `VS403351: Test Operation for path /fields/${name} failed.`;
    throw new AzureDevOpsFailure(412, "TestPatchOperationFailedException", message);
  }
  draft.given.add(referenceName);
  if (op !== "remove" && value === undefined) throw invalid(`The operation ${op} on /fields/${name} has no value.`);
  const given = op === "remove" ? "" : value;
  if (field.readOnly === true) {
    draft.problems.push({ referenceName, name: field.name, flags: "readOnly" });
    return;
  }
  if (referenceName === "System.History") {
    draft.history = asText(given) ?? "";
    return;
  }
  if (referenceName === "System.Tags") {
    // `add` merges with the tags that are there; only `replace` and `remove` take any away.
    const kept = op === "add" ? tagsOf(draft.fields) : [];
    const tags = readTags(world, draft.project.id, [...kept, ...tagsOf({ "System.Tags": given })]);
    if (tags.created.length > 0 && !mayCreateTags)
      throw forbidden(`TF401289: The current user does not have permissions to create tags.`);
    write(draft, referenceName, tags.names.join("; "));
    return;
  }
  const read = readFieldValue(world, draft.project, field, given);
  if ("problem" in read) draft.problems.push(read.problem);
  else write(draft, referenceName, read.value);
}

function write(draft: Draft, referenceName: string, value: unknown): void {
  if (value === null || value === "") delete draft.fields[referenceName];
  else draft.fields[referenceName] = value;
}

/** Only Services keeps Markdown, and only in long texts. */
function setFormat(world: World, draft: Draft, name: string, value: unknown): void {
  const format = asText(value)?.toLowerCase();
  const field = world.findField(name);
  if (world.deployment === "server") throw invalid("The path /multilineFieldsFormat is not supported.");
  if (field === undefined) throw fieldNotFound(name);
  if (field.kind !== "html" && field.kind !== "history") throw invalid(`${name} is no multiline field.`);
  if (format !== "markdown" && format !== "html") throw invalid(`${String(value)} is no format.`);
  if (format === "html" && draft.item.markdown.includes(field.referenceName))
    throw invalid(`The format of ${name} cannot be changed back to HTML.`);
  draft.formats.set(field.referenceName, format);
}

function changeRelations(draft: Draft, op: string, place: string, value: unknown): void {
  if (op === "remove") {
    const index = Number(place);
    if (!Number.isInteger(index) || index < 0 || index >= draft.relations.length)
      throw invalid(`There is no relation ${place}.`, "WorkItemLinkNotFoundException");
    draft.relations = draft.relations.filter((_relation, position) => position !== index);
    return;
  }
  const { rel, url, attributes } = asObject(value);
  if (op !== "add" || place !== "-" || typeof rel !== "string" || typeof url !== "string")
    throw invalid(`The operation ${op} on /relations/${place} is not supported.`);
  if (draft.relations.some((relation) => relation.rel === rel && relation.url === url))
    throw invalid("Relation already exists.", "WorkItemLinkInvalidException");
  if (rel === "Hyperlink" && !/^[a-z][a-z+.-]*:\S+$/i.test(url))
    throw invalid(`${url} is no valid hyperlink.`, "WorkItemResourceLinkException");
  if (rel === "AttachedFile" && !url.includes("/_apis/wit/attachments/"))
    throw invalid(`The attachment ${url} does not exist.`, "WorkItemResourceLinkException");
  draft.relations = [...draft.relations, { rel, url, attributes: asObject(attributes) }];
}
