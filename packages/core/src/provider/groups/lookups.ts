import type { IssueSnapshot, RemotePerson } from "../../domain/issue-snapshot.ts";
import type { Page, PageRequest } from "../../domain/page.ts";
import type { ProviderCall } from "../call.ts";

/** Absent: the picker offers keys, URLs and issues that are known already. */
export interface SearchGroup<Auth, Options> {
  /**
   * Issues of these containers whose text has all the words in it, in any order and any case; best match first; at most
   * `limit`. Words are matched as the tracker does, so parts of words may find nothing. The text is data: the provider
   * escapes it for its query language, and what is no word there is left out. `containers` are never empty; those out of
   * reach may be passed over, but where none is reached, the failure is `gone` or `forbidden`.
   */
  issues(
    call: ProviderCall<Auth, Options>,
    request: { readonly containers: readonly string[]; readonly text: string; readonly limit: number },
  ): Promise<readonly IssueSnapshot[]>;
}

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

/** Absent: assignees are shown, not mapped. */
export interface PeopleGroup<Auth, Options> {
  /**
   * People who can be assigned in the container and whose login or name has the text in it, in any case; all for an empty
   * text; at most `limit`. `email` is null where the tracker hides it.
   */
  search(
    call: ProviderCall<Auth, Options>,
    request: { readonly container: string; readonly text: string; readonly limit: number },
  ): Promise<readonly (RemotePerson & { readonly email: string | null })[]>;
}

/** Absent: containers are typed by hand. */
export interface ContainersGroup<Auth, Options> {
  /**
   * Containers the credential reaches whose name has the text in it, in any case; all for an empty text. `container` is
   * as `describe().container` parses it. A page may hold fewer than `limit`, even none, although more follow.
   */
  list(
    call: ProviderCall<Auth, Options>,
    request: PageRequest & { readonly text: string },
  ): Promise<Page<{ readonly container: string; readonly name: string; readonly url: string | null }>>;
}
