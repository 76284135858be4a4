import { BackrefError } from "../../errors/index.ts";
import type { Provider } from "../../provider/provider.ts";
import { siteOf } from "../../runtime/session.ts";
import type { LinkRow } from "../../storage/rows/link-rows.ts";
import type { SourceRow } from "../../storage/rows/source-rows.ts";
import { findAll } from "../find-by-keys.ts";
import type { ServiceContext } from "../service-context.ts";

/** Every living link of the source. */
export async function activeLinks(context: ServiceContext, sourceId: string): Promise<readonly LinkRow[]> {
  const { runtime, scope } = context;
  const links: LinkRow[] = [];
  for await (const rows of findAll(runtime.storage, scope, "link", "source", [sourceId])) {
    links.push(...rows.filter((row) => row.active !== null));
  }
  return links;
}

/**
 * True where an issue we know would get another key or URL: its row would then describe an issue of another instance
 * under the ids of this one.
 */
export async function wouldReaddressIssues(
  context: ServiceContext,
  provider: Provider,
  before: SourceRow,
  after: SourceRow,
): Promise<boolean> {
  const { runtime, scope } = context;
  const [oldSite, newSite] = [siteOf(before), siteOf(after)];
  for await (const rows of findAll(runtime.storage, scope, "issue", "source", [before.id])) {
    for (const { container, item } of rows) {
      const old = provider.formatIssue({ container, item }, oldSite);
      const fresh = provider.formatIssue({ container, item }, newSite);
      if (old.canonicalKey !== fresh.canonicalKey || old.url !== fresh.url) return true;
    }
  }
  return false;
}

export function sourceInUse(source: Pick<SourceRow, "id" | "name">, why: string): BackrefError {
  return new BackrefError({
    code: "source-in-use",
    message: `Source "${source.name}" is in use: ${why}`,
    data: { sourceId: source.id },
  });
}
