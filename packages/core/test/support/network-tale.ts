import { expect } from "vitest";
import type { NetworkWorld } from "./network-world.ts";

const remotePriority = {
  blocker: "critical",
  critical: "high",
  major: "medium",
  minor: "low",
  trivial: "low",
} as const;

/** A defect under test, and the labels that other people put on its issue. */
export interface Tale {
  readonly id: string;
  readonly foreign: string[];
}

const withoutBlocks = (text: string) => text.replace(/<!-- backref:[\s\S]*?<!-- \/backref:[^>]*-->/g, "").trim();

export const issuesOf = ({ fake, repository }: NetworkWorld, tale: Tale) =>
  fake.issues(repository).filter((issue) => issue.body?.includes(tale.id));

/** Both sides are in step, and nothing of either was lost or doubled. */
export async function checkTale(world: NetworkWorld, tale: Tale): Promise<void> {
  const { defects, comments } = world.processes[1]?.app ?? expect.unreachable();
  expect((await defects.links(tale.id)).map(({ status, message }) => ({ status, message }))).toMatchObject([
    { status: "synced" },
  ]);
  const issues = issuesOf(world, tale);
  expect(issues, "one issue per defect").toHaveLength(1);
  const [issue] = issues;
  const { title, description, status, priority } = await defects.get(tale.id);
  const owned = issue?.labels.filter((label) => label.startsWith("priority:"));
  const wanted = Object.entries(remotePriority).flatMap(([here, there]) =>
    here === priority ? [`priority:${there}`] : [],
  );
  expect({
    title: issue?.title,
    description: withoutBlocks(issue?.body ?? ""),
    state: issue?.state,
    labels: owned,
  }).toEqual({
    title,
    description: description.trim(),
    state: status === "closed" || status === "achieved" ? "closed" : "open",
    labels: wanted,
  });
  expect(issue?.labels).toEqual(expect.arrayContaining(tale.foreign));
  const here = (await comments.list({ defectId: tale.id, limit: 100 })).items.map(({ body }) => body);
  const there = issue?.comments.map(({ body }) => withoutBlocks(body)) ?? [];
  expect(there.toSorted()).toEqual(here.toSorted());
  expect(new Set(here).size, "each comment once").toBe(here.length);
}
