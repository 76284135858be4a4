import { siteOf } from "../../runtime/session.ts";
import type { ServiceContext } from "../service-context.ts";
import { askWhileTyping } from "./ask-while-typing.ts";
import { type Seen, seenIssues } from "./match-issues.ts";
import type { SearchPlace } from "./search-place.ts";

/** Asks the tracker for words. What lies outside of the containers that were asked for is dropped, whoever sent it. */
export async function searchTracker(
  context: ServiceContext,
  place: SearchPlace,
  text: string,
  limit: number,
  signal: AbortSignal,
): Promise<readonly Seen[]> {
  const { source, provider, containers } = place;
  const found = await askWhileTyping(context, source, signal, async (session, call) => {
    const { search } = session.provider;
    return search === undefined ? [] : await search.issues(call, { containers, text, limit });
  });
  const keyIn = (container: string, item: string) =>
    provider.formatIssue({ container, item }, siteOf(source)).canonicalKey;
  const isWithin = ({ container, item }: { readonly container: string; readonly item: string }) =>
    containers.some((allowed) => keyIn(allowed, item) === keyIn(container, item));
  return await seenIssues(context, place, found.filter(isWithin).slice(0, limit));
}
