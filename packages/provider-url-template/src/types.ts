/** What a source by URL template is configured with. */
export interface UrlTemplateOptions {
  /**
   * Where people read an issue, with `{item}` or `{key}`, and `{container}` where issues live in one. Begins with `/` (below
   * the source's base URL) or with `https://`.
   */
  readonly issueUrlTemplate: string;
  /** Where people write a new issue, with any of `{container}`, `{title}` and `{description}`. Null: nothing is known. */
  readonly createUrlTemplate: string | null;
  /** How a whole key looks: a regular expression in RE2 syntax, with the groups `container` and `item` where it has parts. */
  readonly keyPattern: string;
  /** Which case keys are brought to. Any but `as-is` also reads keys in either case. */
  readonly keyCase: "as-is" | "upper" | "lower";
  /** Other hosts that pasted URLs may have, with port where it is not the usual one. */
  readonly hostAliases: readonly string[];
}
