/** A list of issues that a repository answers page by page, made when it is asked for. */
export interface LongIssueList {
  /** Answers lists of issues and of comments; null for any other request. */
  answer(request: Request): Response | null;
}

export interface LongIssueListOptions {
  readonly repository: string;
  readonly count: number;
  /** When the first of them changed, milliseconds since 1970 UTC; each of the others a second later. */
  readonly startAt: number;
  /** Issues that are told in place of every so many, as GitHub tells them. */
  readonly known: readonly object[];
  /** Called before each page with the number of issues told so far. */
  readonly onPage: (told: number) => void;
}

const bodyOfAnIssue = "Steps, what was expected, what happened instead, and where. ".repeat(30);

export function createLongIssueList(options: LongIssueListOptions): LongIssueList {
  const { repository, count, startAt, known, onPage } = options;
  const knownEvery = Math.floor(count / known.length);
  const issue = (place: number) => {
    const changed = { updated_at: new Date(startAt + place * 1_000).toISOString() };
    if (place % knownEvery === 0) return { ...known[place / knownEvery], ...changed };
    // Far above the numbers of issues that exist.
    const number = 1_000_000 + place;
    return {
      ...known[0],
      ...changed,
      number,
      node_id: `I_${number}`,
      title: `Issue ${number}`,
      body: `${number}: ${bodyOfAnIssue}`,
      url: `https://api.github.com/repos/${repository}/issues/${number}`,
      html_url: `https://github.com/${repository}/issues/${number}`,
    };
  };
  return {
    answer(request) {
      const { origin, pathname, searchParams } = new URL(request.url);
      if (request.method !== "GET") return null;
      if (pathname.endsWith(`/repos/${repository}/issues/comments`)) return Response.json([]);
      if (!pathname.endsWith(`/repos/${repository}/issues`)) return null;
      const size = Number(searchParams.get("per_page"));
      const since = Date.parse(searchParams.get("since") ?? "");
      const first = Math.max(0, Math.ceil((since - startAt) / 1_000));
      onPage(Math.min(first, count));
      const last = Math.min(first + size, count);
      const rows = Array.from({ length: Math.max(0, last - first) }, (_, index) => issue(first + index));
      const next = `<${origin + pathname}?page=2>; rel="next"`;
      return Response.json(rows, { headers: last < count ? { link: next } : {} });
    },
  };
}
