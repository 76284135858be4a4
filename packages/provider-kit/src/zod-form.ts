import type { Form, JsonObject } from "@backref/core/provider";

/**
 * The part of a zod schema (4.2 or newer) that a form needs: Standard Schema and Standard JSON Schema. Stated by
 * structure, so that no zod type stands in a signature.
 */
export interface FormSchema<Value> {
  readonly "~standard": {
    readonly validate: (input: unknown) => FormSchemaResult<Value> | Promise<FormSchemaResult<Value>>;
    readonly jsonSchema: {
      readonly input: (options: { readonly target: "draft-2020-12" }) => Record<string, unknown>;
    };
  };
}

/** What a Standard Schema answers at once. */
export type FormSchemaResult<Value> =
  | { readonly value: Value; readonly issues?: undefined }
  | {
      readonly issues: readonly {
        readonly message: string;
        readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
      }[];
    };

/**
 * A `Form` made of a zod schema: its JSON Schema for screens, its parser for what comes back. Titles, descriptions and
 * `writeOnly` come from `.meta()`. The schema must be synchronous.
 */
export function zodForm<Value>(schema: FormSchema<Value>): Form<Value> {
  const standard = schema["~standard"];
  return {
    schema: standard.jsonSchema.input({ target: "draft-2020-12" }) as JsonObject,
    parse(input) {
      const result = standard.validate(input);
      if (result instanceof Promise) throw new TypeError("zodForm needs a schema without asynchronous checks.");
      if (result.issues === undefined) return { ok: true, value: result.value };
      const issues = result.issues.map(({ message, path = [] }) => ({ message, path: path.map(pathSegment) }));
      return { ok: false, issues };
    },
  };
}

function pathSegment(segment: PropertyKey | { readonly key: PropertyKey }): string | number {
  const key = typeof segment === "object" ? segment.key : segment;
  return typeof key === "symbol" ? String(key) : key;
}
