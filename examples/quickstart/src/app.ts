import type { Backref, Comment, DefaultVocabulary, Defect, Page, SyncLink } from "@backref/core";

/** What `backref.as(actor)` gives. */
export type App = ReturnType<Backref["as"]>;

/** A defect with everything a screen shows beside it. */
export interface DefectView {
  readonly defect: Defect<DefaultVocabulary>;
  readonly caseId: string;
  /** How many failing results it has. */
  readonly occurrences: number;
  /** Null until pushed. */
  readonly link: SyncLink | null;
  readonly comments: readonly Comment[];
}

export async function viewDefects(app: App, defectIds: readonly string[]): Promise<readonly DefectView[]> {
  return Promise.all(
    defectIds.map(async (defectId): Promise<DefectView> => {
      const [defect, occurrences, links, comments] = await Promise.all([
        app.defects.get(defectId),
        app.defects.occurrences(defectId),
        app.defects.links(defectId),
        allPages<Comment>((cursor) => app.comments.list({ defectId, ...cursor })),
      ]);
      const link = links.at(-1) ?? null;
      const caseId = occurrences[0]?.caseId ?? "";
      return { defect, caseId, occurrences: occurrences.length, link, comments };
    }),
  );
}

/** Everything of a list that comes in pages. */
export async function allPages<T>(list: (page: { readonly cursor?: string }) => Promise<Page<T>>): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<T> = await list(cursor === null ? {} : { cursor });
    items.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return items;
}

/** The number the tracker gave: `acme/shop#12` and `SHOP-12` are 12. */
export function issueNumberOf({ defect, link }: Pick<DefectView, "defect" | "link">): number {
  const number = Number(/\d+$/.exec(link?.issue?.key ?? "")?.[0]);
  if (!Number.isInteger(number))
    throw new Error(`"${defect.title}" has no issue yet: ${link?.message ?? link?.status}`);
  return number;
}
