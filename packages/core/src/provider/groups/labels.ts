import type { ProviderCall } from "../call.ts";

export interface LabelDefinition {
  readonly name: string;
  /** Six hexadecimal digits without `#`. */
  readonly color: string;
  readonly description: string;
}

export interface EnsureLabelsResult {
  /** Names that exist now, as asked for. */
  readonly present: readonly string[];
  /** Names that could not be made, and why, in words. */
  readonly refused: readonly { readonly name: string; readonly reason: string }[];
}

/** Absent: labels need no preparation, or there are none. */
export interface LabelsGroup<Auth, Options> {
  /** Makes the missing ones. Existing ones keep their colour. A refusal is a result, not an error. */
  ensure(
    call: ProviderCall<Auth, Options>,
    request: { readonly container: string; readonly labels: readonly LabelDefinition[] },
  ): Promise<EnsureLabelsResult>;
}
