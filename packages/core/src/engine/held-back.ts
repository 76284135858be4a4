import type { LinkFailure } from "../storage/rows/link-rows.ts";
import type { SourceRow } from "../storage/rows/source-rows.ts";
import type { Pass } from "./pass.ts";
import type { Workspace } from "./workspace.ts";

const longestWaitMs = 900_000;

/** Why nothing is concluded about an issue that the tracker does not find, and when to look again. */
export class HeldBack extends Error {
  override readonly name: string = "HeldBack";
  readonly code: string;
  readonly waitMs: number;

  /** @param code tells links that are held back for one reason from all others */
  constructor(code: string, message: string, waitMs: number) {
    super(message);
    this.code = code;
    this.waitMs = waitMs;
  }
}

/** As long as it has lasted already. Without jitter: those who come back together can be judged together. */
export function waitOf({ runtime }: Pass, source: SourceRow): number {
  const lastedMs = source.health === "degraded" ? runtime.clock.now() - source.healthSince : 0;
  return Math.min(Math.max(runtime.limits.pollIntervalMs, lastedMs), longestWaitMs);
}

/** Gives the link back as it was, to be looked at again. No attempt is used up: it is not the link that fails. */
export async function holdBack(work: Workspace, { code, message, waitMs }: HeldBack): Promise<void> {
  const { link, pass } = work;
  const failure: LinkFailure = {
    failure: "retry",
    code,
    message,
    field: null,
    at: pass.runtime.clock.now(),
    retryAt: Math.ceil(pass.now() + waitMs),
  };
  await work.release(waitMs, { failure, checkIssue: true, checkComments: link.checkComments });
}
