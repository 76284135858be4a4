import { z } from "zod";

const shownShape = z.object({ iid: z.union([z.string(), z.number()]).transform(String), full_path: z.string() });

/**
 * The issue that a list shows in a drawer beside it, as `group/project#12`; null for none. The list's address names it in
 * `show`: base64 of JSON with `iid` and `full_path`, as `makeDrawerUrlParam` of GitLab's pages writes it.
 */
export function shownInDrawer(search: URLSearchParams): string | null {
  const encoded = search.get("show");
  if (encoded === null) return null;
  try {
    // A plus sign reads as a space there.
    const text = Buffer.from(encoded.replaceAll(" ", "+"), "base64").toString("utf8");
    const { iid, full_path: path } = shownShape.parse(JSON.parse(text));
    return `${path}#${iid}`;
  } catch {
    return null;
  }
}
