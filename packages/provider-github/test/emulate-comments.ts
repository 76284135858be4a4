import type { AskRest } from "./emulate-graphql.ts";

interface Row {
  readonly number: number;
  readonly comments: number;
}

interface CommentRow {
  readonly id: number;
  readonly updated_at: string;
}

const pageSize = 100;

/** `GET /repos/{owner}/{repo}/issues/comments`, put together from the lists of the single issues. */
export async function listRepositoryComments(repository: string, url: URL, ask: AskRest): Promise<Response> {
  const all = async <Item>(path: string): Promise<Item[]> => {
    const items: Item[] = [];
    for (let page = 1; ; page += 1) {
      const found = (await ask(`${path}per_page=${pageSize}&page=${page}`)) as readonly Item[] | null;
      items.push(...(found ?? []));
      if ((found?.length ?? 0) < pageSize) return items;
    }
  };
  const issues = await all<Row>(`/repos/${repository}/issues?state=all&`);
  const lists = await Promise.all(
    issues
      .filter(({ comments }) => comments > 0)
      .map(({ number }) => all<CommentRow>(`/repos/${repository}/issues/${number}/comments?`)),
  );
  const since = Date.parse(url.searchParams.get("since") ?? "1970-01-01");
  const rows = lists
    .flat()
    .filter((row) => Date.parse(row.updated_at) >= since)
    .sort((a, b) => a.updated_at.localeCompare(b.updated_at) || a.id - b.id);
  const page = Number(url.searchParams.get("page") ?? 1);
  const next = new URL(url);
  next.searchParams.set("page", String(page + 1));
  const link = rows.length > page * pageSize ? { link: `<${next}>; rel="next"` } : {};
  return Response.json(rows.slice((page - 1) * pageSize, page * pageSize), { headers: link });
}
