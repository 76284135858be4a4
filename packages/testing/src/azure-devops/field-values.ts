import { asObject, asText, type JsonObject } from "../fake/json.ts";
import { invalid, type RuleProblem } from "./failure.ts";
import type { FieldRecord, ProjectRecord } from "./model.ts";
import type { World } from "./world.ts";

const titleLimit = 255;
const textLimit = 1_048_576;
const tagLimit = 400;

/** The tags of an item's one string. */
export function tagsOf(fields: JsonObject): readonly string[] {
  return (asText(fields["System.Tags"]) ?? "")
    .split(/[;,]/)
    .map((tag) => tag.trim())
    .filter((tag) => tag !== "");
}

/** Each once, in whatever case it is written, in the project's spelling and in alphabetical order. */
export function readTags(
  world: World,
  projectId: string,
  given: readonly string[],
): { readonly names: readonly string[]; readonly created: readonly string[] } {
  const found = new Map<string, string>();
  const created: string[] = [];
  for (const tag of given) {
    if (tag.length > tagLimit) throw invalid(`The tag ${tag.slice(0, 40)}… is longer than ${tagLimit} characters.`);
    const { spelling, isNew } = world.spellTag(projectId, tag);
    if (isNew && !found.has(tag.toLowerCase())) created.push(tag);
    if (!found.has(tag.toLowerCase())) found.set(tag.toLowerCase(), spelling);
  }
  const byLetter = (a: string, b: string) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1);
  return { names: [...found.values()].sort(byLetter), created };
}

/** The value as it is kept, or what is wrong with it. What is no rule's business, such as a path, refuses at once. */
export function readFieldValue(
  world: World,
  project: ProjectRecord,
  field: FieldRecord,
  given: unknown,
): { readonly value: unknown } | { readonly problem: RuleProblem } {
  if (given === null || given === "") return { value: null };
  const problem = (flags: string, message?: string) => ({
    problem: {
      referenceName: field.referenceName,
      name: field.name,
      flags,
      ...(message !== undefined && { message }),
    },
  });
  switch (field.kind) {
    case "identity": {
      const text = identityText(given);
      const user = world.findUser(text);
      if (user !== undefined) return { value: user.uniqueName };
      const message = `The identity value '${text}' for field '${field.name}' is an unknown identity.`;
      return problem("invalidIdentityField", message);
    }
    case "treePath": {
      const path = readPath(project, field, asText(given) ?? "");
      return { value: path };
    }
    case "integer":
    case "double": {
      const value = typeof given === "number" ? given : typeof given === "string" ? Number(given) : Number.NaN;
      const fits = field.kind === "integer" ? Number.isInteger(value) : Number.isFinite(value);
      return fits ? { value } : problem("invalidType");
    }
    case "boolean":
      return typeof given === "boolean" ? { value: given } : problem("invalidType");
    case "dateTime": {
      const at = Date.parse(String(given));
      return Number.isNaN(at) ? problem("invalidDate") : { value: new Date(at).toISOString() };
    }
    default: {
      const text = asText(given);
      if (text === undefined) return problem("invalidType");
      const limit = field.kind === "string" ? titleLimit : textLimit;
      if (text.length > limit) return problem("invalidTooLong");
      return { value: field.kind === "string" ? text.trim() : text };
    }
  }
}

function identityText(given: unknown): string {
  const { uniqueName, id, descriptor, displayName } = asObject(given);
  return asText(given) ?? asText(uniqueName) ?? asText(id) ?? asText(descriptor) ?? asText(displayName) ?? "";
}

/** Paths are told apart without regard to case; a leading backslash is dropped. */
function readPath(project: ProjectRecord, field: FieldRecord, given: string): string {
  const wanted = given.replace(/^\\+/, "").toLowerCase();
  const paths = field.referenceName === "System.AreaPath" ? project.areas : project.iterations;
  const found = paths.find((path) => path.toLowerCase() === wanted);
  if (found !== undefined) return found;
  const message = `TF401347: Invalid tree name given for work item -1, field '${field.referenceName}'.`;
  throw invalid(message, "WorkItemInvalidTreeNameException");
}
