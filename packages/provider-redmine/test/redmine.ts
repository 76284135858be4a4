import { randomBytes } from "node:crypto";
import type { FetchFunction } from "@backref/core/provider";
import { type Action, act, type RedmineAccess } from "backref-redmine-server";
import { inject } from "vitest";

export interface TestRedmine {
  readonly access: RedmineAccess;
  /** Sends with the time of the test's own clock. */
  readonly fetch: FetchFunction;
  /** Carries out the actions in order, as `lena` where they name nobody else. */
  act(...actions: readonly Action[]): Promise<readonly unknown[]>;
}

/** The run's Redmine under a clock of the test's own. */
export function openRedmine(now: () => number): TestRedmine {
  const access = inject("redmine");
  if (access === null) throw new Error("Redmine is not installed: such tests are skipped.");
  const fetch: FetchFunction = (input, init) => {
    const headers = new Headers(init?.headers ?? (input instanceof Request ? input.headers : undefined));
    headers.set("x-test-time", (now() / 1000).toFixed(3));
    // Puma's only thread waits a while for what may come next on a connection that stays open.
    headers.set("connection", "close");
    return globalThis.fetch(input, { ...init, headers });
  };
  return { access, fetch, act: (...actions) => act(access, actions, fetch) };
}

/** An identifier that no other test uses. */
export function freshProject(prefix = "web"): string {
  return `${prefix}-${randomBytes(6).toString("hex")}`;
}
