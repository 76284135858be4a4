import { type App, viewDefects } from "./app.ts";
import { formatTable } from "./table.ts";

const columns = [
  { title: "Defect", flexible: true },
  { title: "Case", flexible: true },
  { title: "Seen" },
  { title: "Badge" },
  { title: "URL" },
  { title: "Status" },
  { title: "Priority" },
  { title: "Sync" },
  { title: "Comments" },
];

/** One line per defect, with everything that is known about it without asking the tracker. */
export async function summarise(app: App, defectIds: readonly string[], width: number): Promise<string> {
  const views = await viewDefects(app, defectIds);
  const rows = views.map(({ defect, caseId, occurrences, link, comments }) => [
    defect.title,
    caseId,
    `${occurrences}×`,
    link?.badge?.text ?? "",
    link?.badge?.url ?? "",
    defect.status,
    defect.priority ?? "",
    link?.status ?? "not pushed",
    String(comments.length),
  ]);
  return formatTable(columns, rows, width);
}
