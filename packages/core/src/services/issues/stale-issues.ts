import { z } from "zod";
import { parseInput } from "../../input/parse-input.ts";
import type { ServiceContext } from "../service-context.ts";
import type { PresentedIssues } from "./present-issues.ts";

/** A serverless host's way to keep the process alive for work that goes on after the answer; that work never rejects. */
export type WaitUntil = (work: Promise<unknown>) => void;

/** Told which cached issues somebody saw too old. Must not throw. */
export type OnStale = (
  stale: { readonly tenantId: string; readonly issueIds: readonly string[] },
  waitUntil?: WaitUntil,
) => void;

const readOptions = z.strictObject({
  waitUntil: z.custom<WaitUntil>((value) => typeof value === "function", "must be a function").exactOptional(),
});

/** The second argument of reads that may begin a refresh. @throws BackrefError `invalid-input` */
export function parseReadOptions(given: unknown = {}): { readonly waitUntil?: WaitUntil } {
  return parseInput(readOptions, given, "options");
}

/** Tells which of the issues shown are too old; inside a host's transaction nothing is read. */
export function tellStale(
  { scope }: ServiceContext,
  { stale }: PresentedIssues,
  onStale: OnStale | undefined,
  waitUntil: WaitUntil | undefined,
): void {
  if (stale.length === 0 || scope.transaction !== undefined) return;
  onStale?.({ tenantId: scope.tenantId, issueIds: stale.map((row) => row.id) }, waitUntil);
}

/**
 * Refreshes what is too old, however many look at it at the same time: an issue that is being read is not asked for again.
 * @param options.track keeps hold of the work, and of its failure
 */
export function createStaleRefresh(options: {
  refresh(tenantId: string, issueIds: readonly string[]): Promise<unknown>;
  track(work: Promise<unknown>, waitUntil?: WaitUntil): void;
}): OnStale {
  const reading = new Map<string, Promise<unknown>>();
  return ({ tenantId, issueIds }, waitUntil) => {
    const keyOf = (id: string) => `${tenantId} ${id}`;
    const others = issueIds.flatMap((id) => reading.get(keyOf(id)) ?? []);
    const fresh = issueIds.filter((id) => !reading.has(keyOf(id)));
    if (fresh.length > 0) {
      const started = options.refresh(tenantId, fresh);
      for (const id of fresh) reading.set(keyOf(id), started);
      const forget = () => {
        for (const id of fresh) reading.delete(keyOf(id));
      };
      started.then(forget, forget);
      options.track(started, waitUntil);
    }
    if (waitUntil !== undefined && others.length > 0) waitUntil(Promise.allSettled(others));
  };
}
