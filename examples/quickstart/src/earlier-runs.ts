import type { DefaultVocabulary, Defect } from "@backref/core";
import { type App, allPages } from "./app.ts";

/** What earlier runs left, in a sentence; null for the first run. */
export async function describeEarlierRuns(app: App, projectId: string): Promise<string | null> {
  const defects = await allPages<Defect<DefaultVocabulary>>((cursor) => app.defects.list({ projectId, ...cursor }));
  if (defects.length === 0) return null;
  const since = Math.min(...defects.map(({ createdAt }) => createdAt));
  const closed = defects.filter(({ status }) => status === "closed" || status === "achieved").length;
  const time = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short" }).format(since);
  const noun = defects.length === 1 ? "defect" : "defects";
  return `Goes on from earlier runs: ${defects.length} ${noun} since ${time}, ${closed} of them closed`;
}
