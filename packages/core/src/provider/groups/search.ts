import type { IssueSnapshot } from "../../domain/issue-snapshot.ts";
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
