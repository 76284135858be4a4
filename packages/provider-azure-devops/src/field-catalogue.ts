import { type Operation, parseShape } from "@backref/provider-kit";
import { z } from "zod";
import { type AzureDevOpsCall, type AzureDevOpsClient, valuesOf } from "./client.ts";
import { projectUnknown } from "./errors.ts";
import { segment } from "./site.ts";

/** A field of the organisation, whatever types have it. */
export interface KnownField {
  readonly referenceName: string;
  /** For example `string`, `html`, `integer`, `identity` or `treePath`. */
  readonly type: string;
  readonly isReadOnly: boolean;
  readonly isIdentity: boolean;
}

/** Which kinds of values fields have, as it was read lately: what types say of their fields leaves that out. */
export interface FieldCatalogue {
  read(
    call: AzureDevOpsCall,
    client: AzureDevOpsClient,
    operation: Operation,
    container: string,
  ): Promise<ReadonlyMap<string, KnownField>>;
  /** Reference names of fields with formatted text. */
  longTexts(
    call: AzureDevOpsCall,
    client: AzureDevOpsClient,
    operation: Operation,
    container: string,
  ): Promise<ReadonlySet<string>>;
}

const keptMs = 300_000;
const mostKept = 50;

const fieldShape = z.object({
  referenceName: z.string(),
  type: z.string(),
  readOnly: z.boolean().nullish(),
  isIdentity: z.boolean().nullish(),
});

export function createFieldCatalogue(): FieldCatalogue {
  const kept = new Map<string, { readonly fields: ReadonlyMap<string, KnownField>; readonly readAt: number }>();
  const read: FieldCatalogue["read"] = async (call, client, { name }, container) => {
    const key = `${call.baseUrl} ${call.credentialId} ${container}`;
    const known = kept.get(key);
    if (known !== undefined && call.clock.monotonic() - known.readAt < keptMs) return known.fields;
    const reading: Operation = { name, isWrite: false, explain: { 404: projectUnknown(container) } };
    const answer = await client.request(reading, "GET", `/${segment(container)}/_apis/wit/fields`);
    const rows = answer.as((data) => valuesOf(data).map((row) => parseShape(fieldShape, row, "field")));
    const fields = new Map(
      rows.map(({ referenceName, type, readOnly, isIdentity }): [string, KnownField] => [
        referenceName,
        { referenceName, type, isReadOnly: readOnly === true, isIdentity: isIdentity === true || type === "identity" },
      ]),
    );
    if (kept.size >= mostKept) kept.clear();
    kept.set(key, { fields, readAt: call.clock.monotonic() });
    return fields;
  };
  return {
    read,
    async longTexts(call, client, operation, container) {
      const fields = await read(call, client, operation, container);
      return new Set(
        [...fields.values()].filter(({ type }) => type === "html").map(({ referenceName }) => referenceName),
      );
    },
  };
}
