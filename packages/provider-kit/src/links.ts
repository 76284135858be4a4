/** Target of the first link with that relation in a `Link` header, for example `next`; null for none. As sent, maybe relative. */
export function linkTarget(headers: Headers, relation: string): string | null {
  for (const match of (headers.get("link") ?? "").matchAll(linkPattern)) {
    const [, target = "", parameters = ""] = match;
    const relations = relationPattern.exec(parameters);
    const names = (relations?.[1] ?? relations?.[2] ?? "").toLowerCase().split(/\s+/);
    if (names.includes(relation)) return target;
  }
  return null;
}

const linkPattern = /<([^<>]*)>((?:\s*;\s*[\w*-]+\s*=\s*(?:"[^"]*"|[^",;\s]+))*)/g;
const relationPattern = /;\s*rel\s*=\s*(?:"([^"]*)"|([^",;\s]+))/i;

/**
 * All pages of a list. `load` fetches one page and names the next by its URL; null ends the list. Stops as well at a
 * page that was there before, so a tracker that links in a circle does no harm.
 */
export async function* followPages<Page extends { readonly next: string | null }>(
  first: string,
  load: (url: string) => Promise<Page>,
): AsyncGenerator<Page, void> {
  const seen = new Set<string>();
  for (let url: string | null = first; url !== null && !seen.has(url); ) {
    seen.add(url);
    const page: Page = await load(url);
    yield page;
    url = page.next;
  }
}
