import { type Operation, parseShape } from "@backref/provider-kit";
import { z } from "zod";
import type { JiraCall, JiraClient } from "./client.ts";
import { errors, projectUnknown } from "./errors.ts";
import { idShape } from "./shapes.ts";

/** A value to choose. */
export interface FieldOption {
  readonly id: string;
  readonly name: string;
  readonly children: readonly FieldOption[];
}

/** A field of the screen on which issues are made. */
export interface IssueField {
  /** In `fields` of a new issue and in the `errors` of a refusal. */
  readonly id: string;
  readonly name: string;
  readonly required: boolean;
  /** Jira puts something where nothing is given; of people it does not say whom. */
  readonly hasDefault: boolean;
  readonly defaultValue: unknown;
  readonly schema: FieldSchema;
  /** Null for fields without a choice, and where the values are too many to be listed. */
  readonly options: readonly FieldOption[] | null;
}

export interface FieldSchema {
  /** Such as `string`, `option`, `array`. */
  readonly type: string;
  /** Of an `array`. */
  readonly items?: string | null | undefined;
  /** Of custom fields, such as `com.atlassian.jira.plugin.system.customfieldtypes:textarea`. */
  readonly custom?: string | null | undefined;
}

export interface IssueFields {
  /** As Jira tells them now. @param type an issue type's name or id */
  read(
    call: JiraCall,
    client: JiraClient,
    place: { readonly container: string; readonly type: string },
  ): Promise<readonly IssueField[]>;
  /** As it told them within the last ten minutes, else now. */
  remembered: IssueFields["read"];
}

/** Screens change rarely, and every push with fields of its own needs to know what they are. */
const rememberedMs = 10 * 60 * 1_000;
const mostRemembered = 1_000;
/** https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issues/: at most 200 fields per page. */
const pageSize = 200;

export function createIssueFields(): IssueFields {
  const known = new Map<string, { readonly fields: readonly IssueField[]; readonly until: number }>();
  const keyOf = (call: JiraCall, place: { readonly container: string; readonly type: string }) =>
    JSON.stringify([call.baseUrl, call.credentialId, place.container, place.type.toLowerCase()]);
  const read: IssueFields["read"] = async (call, client, place) => {
    const fields = await readFields(client, place);
    if (known.size >= mostRemembered) known.clear();
    known.set(keyOf(call, place), { fields, until: call.clock.now() + rememberedMs });
    return fields;
  };
  return {
    read,
    async remembered(call, client, place) {
      const found = known.get(keyOf(call, place));
      return found !== undefined && call.clock.now() < found.until ? found.fields : read(call, client, place);
    },
  };
}

const typeShape = z.object({ id: idShape, name: z.string() });

const optionShape = z.object({
  id: idShape,
  name: z.string().nullish().catch(null),
  value: z.string().nullish().catch(null),
  disabled: z.boolean().nullish().catch(null),
  archived: z.boolean().nullish().catch(null),
  children: z.array(z.unknown()).nullish().catch(null),
});

const fieldShape = z.object({
  fieldId: z.string().nullish(),
  key: z.string().nullish(),
  name: z.string().nullish().catch(null),
  required: z.boolean().nullish().catch(null),
  hasDefaultValue: z.boolean().nullish().catch(null),
  defaultValue: z.unknown().optional(),
  schema: z
    .object({ type: z.string(), items: z.string().nullish(), custom: z.string().nullish() })
    .nullish()
    .catch(null),
  allowedValues: z.array(z.unknown()).nullish().catch(null),
});

async function readFields(
  client: JiraClient,
  { container, type }: { readonly container: string; readonly type: string },
): Promise<readonly IssueField[]> {
  const operation: Operation = { name: "form.fields", isWrite: false, explain: { 404: projectUnknown(container) } };
  const path = `/issue/createmeta/${encodeURIComponent(container)}/issuetypes`;
  const typeId = /^\d+$/.test(type) ? type : await findType(client, operation, path, container, type);
  const explain = { 404: unknownType(container, type) };
  const rows = await readPages(client, { ...operation, explain }, `${path}/${typeId}`, "fields");
  return rows.flatMap((row) => {
    const field = parseShape(fieldShape, row, "field");
    const id = field.fieldId ?? field.key;
    if (id == null || id === "") return [];
    return [
      {
        id,
        name: field.name ?? id,
        required: field.required === true,
        hasDefault: field.hasDefaultValue === true,
        defaultValue: field.defaultValue,
        schema: field.schema ?? { type: "any" },
        options: field.allowedValues == null ? null : readOptions(field.allowedValues),
      },
    ];
  });
}

async function findType(
  client: JiraClient,
  operation: Operation,
  path: string,
  container: string,
  wanted: string,
): Promise<string> {
  const rows = await readPages(client, operation, path, "issueTypes");
  const types = rows.map((row) => parseShape(typeShape, row, "issue type"));
  const found = types.find(({ name }) => name.toLowerCase() === wanted.toLowerCase());
  if (found !== undefined) return found.id;
  const names = types.map(({ name }) => `"${name}"`).join(", ");
  throw errors.refused(operation, `${unknownType(container, wanted).message} It has ${names || "none"}.`, "issuetype");
}

function unknownType(container: string, type: string) {
  return {
    message: `Project ${container} has no issue type "${type}" that the account may create: set the target's issueType.`,
    failure: "permanent" as const,
  };
}

/** Cloud calls the rows by what they are, Data Center `values`. */
async function readPages(
  client: JiraClient,
  operation: Operation,
  path: string,
  cloudName: "fields" | "issueTypes",
): Promise<readonly unknown[]> {
  const rows: unknown[] = [];
  const list = z.array(z.unknown()).nullish();
  const shape = z.object({ total: z.number().nullish(), [cloudName]: list, values: list });
  for (;;) {
    const query = { startAt: rows.length, maxResults: pageSize };
    const answer = await client.request(operation, "GET", path, { query });
    const page = answer.as((data) => parseShape(shape, data, "answer")) as {
      readonly total?: number | null;
      readonly values?: readonly unknown[] | null;
    } & Readonly<Record<string, readonly unknown[] | null | undefined>>;
    const found = page[cloudName] ?? page.values ?? [];
    rows.push(...found);
    if (found.length === 0 || rows.length >= (page.total ?? rows.length)) return rows;
  }
}

function readOptions(rows: readonly unknown[]): readonly FieldOption[] {
  return rows.flatMap((row) => {
    const { success, data } = optionShape.safeParse(row);
    if (!success || data.disabled === true || data.archived === true) return [];
    return [{ id: data.id, name: data.name ?? data.value ?? data.id, children: readOptions(data.children ?? []) }];
  });
}
