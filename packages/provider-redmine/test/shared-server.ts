import { missingRedmine, type RedmineAccess, startRedmine } from "backref-redmine-server";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  export interface ProvidedContext {
    /** The run's Redmine; null where none is installed. */
    redmine: RedmineAccess | null;
  }
}

/** One Redmine for all files of a run: it takes some seconds to start. */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  if (missingRedmine() !== null) {
    project.provide("redmine", null);
    return undefined;
  }
  const { access, stop } = await startRedmine();
  project.provide("redmine", access);
  return stop;
}
