import type { SourceFeature } from "../../domain/source-features.ts";
import { BackrefError } from "../../errors/index.ts";
import type { Provider } from "../../provider/provider.ts";
import { providerFor, providerOf } from "../../runtime/source-provider.ts";
import { notFound } from "../../security/authoriser.ts";
import { redactSecrets } from "../../security/redact.ts";
import type { SourceRow } from "../../storage/rows/source-rows.ts";
import type { IssueSearchResult, SearchLimit } from "../issue-search-types.ts";
import { containerOfKey, isUsableBy, loadSourceChoices, type SourceChoice } from "../references/reference-sources.ts";
import { isAllowed, isForLinks, notForLinks, sourceDisabled } from "../references/resolve-issue-text.ts";
import type { ServiceContext } from "../service-context.ts";
import { sourceResource } from "../sources/source-rows.ts";

/** A search is for a person: whoever wants all of many containers looks for them at the tracker. */
const mostContainers = 12;

/** Where one search may look. */
export interface SearchPlace {
  readonly projectId: string;
  readonly choice: SourceChoice;
  readonly source: SourceRow;
  /** As the source uses it. */
  readonly provider: Provider;
  /** The actor may link with the source, and not see its issues' details. */
  readonly isHidden: boolean;
  /** Containers that the project may use, its own first. */
  readonly containers: readonly string[];
}

/** @throws BackrefError `not-found`, `source-not-runnable`, `capability-missing`, `provider-unknown` */
export async function searchPlace(
  context: ServiceContext,
  { projectId, sourceId }: { readonly projectId: string; readonly sourceId: string },
): Promise<SearchPlace> {
  const { runtime, authoriser, actor } = context;
  const [choice] = await loadSourceChoices(context, [sourceId]);
  if (choice === undefined || !isUsableBy(choice.source, projectId)) throw notFound({ kind: "source", id: sourceId });
  const { source } = choice;
  if (!source.enabled) throw sourceDisabled(source);
  if (!isForLinks(source)) throw notForLinks(source);
  const provider = providerFor(runtime, source);
  const own = containerOfKey(provider, choice, projectId);
  const containers = [...new Set([...(own === null ? [] : [own]), ...(source.containers ?? [])])]
    .filter((container) => isAllowed({ source, provider }, { container, item: "1" }))
    .slice(0, mostContainers);
  const isHidden = !(await authoriser.allows(actor, "source.read", sourceResource(source)));
  return { projectId, choice, source, provider, isHidden, containers };
}

type Limited = NonNullable<IssueSearchResult["limited"]>;

export function limitedBy(reason: SearchLimit, message: string, retryAfterMs: number | null = null): Limited {
  return { reason, message, retryAfterMs };
}

/** What stands against reading or searching at the tracker; null where nothing does. */
export function whyNot({ runtime }: ServiceContext, place: SearchPlace, what: "read" | "search"): Limited | null {
  const { source, provider, isHidden } = place;
  if (isHidden) return limitedBy("hidden", `You may link with "${source.name}", and not see what its issues say.`);
  if (provider[what] !== undefined && provider.read !== undefined) return null;
  const whole = providerOf(runtime, source.providerId);
  const words = what === "search" ? "search for issues" : "read issues";
  if (whole[what] === undefined || whole.read === undefined) {
    return limitedBy("not-supported", `${whole.describe().name} cannot ${words} here: paste a key or an URL.`);
  }
  const missing: SourceFeature = provider.read === undefined ? "read" : what;
  const why = `"${missing}" is not among the features of "${source.name}"; an admin can add it.`;
  return limitedBy("switched-off", `${why} Until then, paste a key or an URL.`);
}

/**
 * A tracker in trouble keeps nobody from choosing among what is known: its error becomes what is told. Once the signal is
 * aborted, rejects with its reason.
 */
export async function orTrouble<Answer>(
  signal: AbortSignal,
  work: () => Promise<Answer>,
): Promise<{ readonly answer: Answer } | { readonly limited: Limited }> {
  try {
    const answer = await work();
    signal.throwIfAborted();
    return { answer };
  } catch (error) {
    signal.throwIfAborted();
    if (!BackrefError.isInstance(error)) throw error;
    return { limited: limitedBy("tracker", redactSecrets(error.message), error.retryAfterMs ?? null) };
  }
}
