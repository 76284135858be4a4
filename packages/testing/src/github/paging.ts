/** One page of a list and the `Link` header that leads to the others. */
export interface Page<T> {
  readonly items: T[];
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Cuts a page out of `all`. `per_page` defaults to 30 and is capped at 100. Links are built on `base`, which for
 * GitHub names the repository by id rather than by name.
 */
export function paginate<T>(all: readonly T[], query: URLSearchParams, base: string): Page<T> {
  const perPage = Math.min(positive(query.get("per_page"), 30), 100);
  const page = positive(query.get("page"), 1);
  const last = Math.max(1, Math.ceil(all.length / perPage));
  const link = (rel: string, target: number): string => {
    const next = new URLSearchParams(query);
    next.set("page", String(target));
    return `<${base}?${next}>; rel="${rel}"`;
  };
  const links = [
    ...(page > 1 ? [link("prev", Math.min(page - 1, last))] : []),
    ...(page < last ? [link("next", page + 1), link("last", last)] : []),
    ...(page > 1 ? [link("first", 1)] : []),
  ];
  const items = all.slice((page - 1) * perPage, page * perPage);
  return { items, headers: links.length === 0 ? {} : { link: links.join(", ") } };
}

function positive(text: string | null, fallback: number): number {
  const value = Number(text);
  return Number.isInteger(value) && value > 0 ? value : fallback;
}
