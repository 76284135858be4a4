import type { Page, PageRequest } from "../../domain/page.ts";
import type { ProviderCall } from "../call.ts";

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
