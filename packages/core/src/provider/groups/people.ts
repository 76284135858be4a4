import type { RemotePerson } from "../../domain/issue-snapshot.ts";
import type { ProviderCall } from "../call.ts";

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
