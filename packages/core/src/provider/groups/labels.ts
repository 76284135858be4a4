import type { ProviderCall } from "../call.ts";

/** A label that should exist. */
export interface LabelDefinition {
  readonly name: string;
  /** Six hexadecimal digits without `#`. */
  readonly color: string;
  readonly description: string;
}

/** Which labels exist now. One that is refused does not keep an issue from being made. */
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
