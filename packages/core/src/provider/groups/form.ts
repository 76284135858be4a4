import type { JsonValue } from "../../domain/json.ts";
import type { ProviderCall } from "../call.ts";

/**
 * What a field's values are. All are JSON:
 *
 * - `text` (one line), `rich-text` (Markdown), `url` (http or https): a string
 * - `number`: a number; `boolean`: true or false
 * - `date`: `2026-12-24`; `date-time`: `2026-12-24T18:00:00Z`, with `Z` or an offset
 * - `option`: the id of an allowed value; `person`: somebody's `login`, or their `id` where they have none
 * - `texts`, `options`, `people`: lists of what `text`, `option` and `person` are one of
 * - `cascade`: ids from the outside in, `["10", "11"]` or `["10"]`; each one's `children` are what can follow
 * - `other`: a kind that only the tracker knows, and that screens can show but not ask for: whatever its API takes, as it stands
 */
export type IssueFormFieldType =
  | "text"
  | "texts"
  | "rich-text"
  | "url"
  | "number"
  | "date"
  | "date-time"
  | "boolean"
  | "option"
  | "options"
  | "cascade"
  | "person"
  | "people"
  | "other";

/** A value that can be chosen. */
export interface IssueFormValue {
  /** What is given in `fields`. */
  readonly id: string;
  readonly name: string;
  /** Of a `cascade` only: what can follow. @default nothing */
  readonly children?: readonly IssueFormValue[];
}

/** One field a person may or must fill in when an issue is created. */
export interface IssueFormField {
  /** Its name in the `fields` of a new issue, and in `ProviderError.field` where the tracker refuses its value. */
  readonly id: string;
  /** For people to read. */
  readonly name: string;
  /** The tracker's own words about it. @default none */
  readonly description?: string;
  readonly required: boolean;
  readonly type: IssueFormFieldType;
  /**
   * Values are given by `id`. Null where any value of the type is allowed, or where they are too many to list: people are then
   * found by `people.search`. Never null for a `cascade`.
   */
  readonly allowedValues: readonly IssueFormValue[] | null;
  /** What the tracker itself puts where nothing is given; null for nothing, or where it does not say what. */
  readonly defaultValue: JsonValue;
  /** The tracker puts something where nothing is given, whether or not `defaultValue` says what. @default defaultValue is not null */
  readonly isFilledByTracker?: boolean;
  /** Of a `number`: whole numbers only. @default false */
  readonly wholeNumber?: boolean;
  /** Of text: longest value, in UTF-16 units. @default null, unlimited */
  readonly maxLength?: number | null;
}

/** Absent: title, body, labels and priority are all there is. */
export interface FormGroup<Auth, Options> {
  /**
   * What else a new issue can carry here: title, body, labels, priority, container and issue type are not among it, unless the
   * type is one that a person may choose. Whatever it offers, `create` takes. Core keeps the answer for an hour or so.
   */
  fields(
    call: ProviderCall<Auth, Options>,
    request: { readonly container: string; readonly type: string | null },
  ): Promise<readonly IssueFormField[]>;
}
