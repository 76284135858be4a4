import { missingRedmine, type RedmineAccess, startRedmine } from "backref-redmine-server";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  export interface ProvidedContext {
    /** The run's Redmine; null where none is installed. */
    redmine: RedmineAccess | null;
  }
}

let stop: (() => Promise<void>) | null = null;

/** One Redmine for all files of a run: it takes some seconds to start. */
export async function setup(project: TestProject): Promise<void> {
  const running = missingRedmine() === null ? await startRedmine() : null;
  stop = running?.stop ?? null;
  project.provide("redmine", running?.access ?? null);
}

export async function teardown(): Promise<void> {
  await stop?.();
}
