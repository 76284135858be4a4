import type { JsonObject } from "../domain/json.ts";
import type { InputIssue } from "../errors/backref-error.ts";

/** A value that fits a form, or everything that is wrong with it. */
export type ParseResult<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly issues: readonly InputIssue[] };

/**
 * A form for a screen, and the parser of what comes back from it. Never throws.
 * Input is plain JSON of unknown origin; the value is clean and complete, defaults filled in.
 */
export interface Form<Value> {
  /** JSON Schema (draft 2020-12) with `title`, `description`, and `writeOnly: true` on secrets. */
  readonly schema: JsonObject;
  /** The clean value, or everything that is wrong with the input. */
  parse(input: unknown): ParseResult<Value>;
}

/** What a provider says about itself to people and screens. */
export interface ProviderDescription<Auth, Options> {
  /** Brand name, for example "GitHub". */
  readonly name: string;
  /** Base URL used where a source gives none; null where every source must give one. */
  readonly defaultBaseUrl: string | null;
  /** The tracker's word for a container: "Repository", "Project", "Team". */
  readonly containerName: string;
  readonly auth: Form<Auth>;
  /** Parses and normalises a container's name, for example `acme/web`. */
  readonly container: Form<string>;
  readonly options: Form<Options>;
}
