import type { DefectComment, DefectSnapshot } from "../defect-store/defect-store.ts";
import type { Runtime } from "../runtime/runtime.ts";
import type { SourceSession } from "../runtime/session.ts";
import type { CommentLinkRow, LinkRow } from "../storage/rows/link-rows.ts";
import { carriesAssignees, mappingOfLink } from "./link-mapping.ts";
import type { Pass } from "./pass.ts";
import { createWorkspace, type LinkMaterial, type Workspace } from "./workspace.ts";

function groupBy<Item>(items: readonly Item[], key: (item: Item) => string): ReadonlyMap<string, readonly Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group === undefined) groups.set(key(item), [item]);
    else group.push(item);
  }
  return groups;
}

/** A store that keeps no assignees has none to keep in step. */
export function rulesFor<Rules extends Pick<LinkMaterial, "codecs">>(
  rules: Rules,
  defect: DefectSnapshot | null | undefined,
): Rules {
  if (defect === null || defect === undefined || defect.assignee !== undefined) return rules;
  return { ...rules, codecs: rules.codecs.filter((codec) => codec.field !== "assignee") };
}

/** Loads everything a batch of links of one source needs, with a constant number of storage calls. */
export async function loadMaterial(
  {
    runtime,
    session,
    scope,
    targets,
  }: Pick<Pass, "scope" | "targets"> & {
    readonly runtime: Pick<Runtime, "defects" | "storage" | "vocabulary" | "mapping" | "identities">;
    readonly session: Pick<SourceSession, "source" | "capabilities">;
  },
  links: readonly LinkRow[],
): Promise<readonly LinkMaterial[]> {
  const defectIds = [...new Set(links.map((link) => link.defectId))];
  const issueIds = links.flatMap((link) => link.issueId ?? []);
  // Comments after their defects: one that is edited in between comes with the older revision, under which nothing is taken.
  const readDefects = async () => {
    const defects = await runtime.defects.read(scope, defectIds);
    return [defects, await runtime.defects.readComments(scope, defectIds)] as const;
  };
  const { source, capabilities } = session;
  const needsPeople = carriesAssignees({ runtime, capabilities, source, targets });
  const [[defects, comments], issues, commentLinks, identities] = await Promise.all([
    readDefects(),
    runtime.storage.find(scope, { table: "issue", by: "id", keys: issueIds.map((id) => [id]) }),
    runtime.storage.find(scope, { table: "commentLink", by: "link", keys: links.map((link) => [link.id]) }),
    needsPeople ? runtime.identities.bookOf(scope, source) : undefined,
  ]);
  const defectById = new Map(defects.map((defect) => [defect.id, defect]));
  const issueById = new Map(issues.map((issue) => [issue.id, issue]));
  const commentsOf = groupBy<DefectComment>(comments, (comment) => comment.defectId);
  const commentLinksOf = groupBy<CommentLinkRow>(commentLinks, (row) => row.linkId);
  const people = identities === undefined ? {} : { identities };
  return links.map((link) => ({
    link,
    ...rulesFor(
      mappingOfLink({ runtime, capabilities, source, targets, link, ...people }),
      defectById.get(link.defectId),
    ),
    defect: defectById.get(link.defectId) ?? null,
    comments: commentsOf.get(link.defectId) ?? [],
    commentLinks: commentLinksOf.get(link.id) ?? [],
    issue: link.issueId === null ? null : (issueById.get(link.issueId) ?? null),
  }));
}

/** The links of a pass, ready to be worked on. */
export async function loadLinks(pass: Pass, links: readonly LinkRow[]): Promise<readonly Workspace[]> {
  return (await loadMaterial(pass, links)).map((material) => createWorkspace(pass, material));
}
