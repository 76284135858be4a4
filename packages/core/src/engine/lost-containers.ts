import { BackrefError } from "../errors/backref-error.ts";
import type { LinkFailure } from "../storage/rows/link-rows.ts";
import { HeldBack, waitOf } from "./held-back.ts";
import { mayLagBehindUs, type Observation } from "./observe.ts";
import type { Pass } from "./pass.ts";
import { degradeBy } from "./source-recovery.ts";
import type { Workspace } from "./workspace.ts";

const code = "tracker-forbidden";

/** A link whose issue cannot be told apart from its container, which does not answer. No other failure is told in this way. */
export function isContainerLost(failure: LinkFailure): boolean {
  return failure.failure === "retry" && failure.code === code;
}

/** What one pass found out: an issue is only missed while its container answers in the same one. */
const lossesOf = new WeakMap<Pass, Map<string, Promise<HeldBack | null>>>();

/**
 * What keeps from missing an issue of this container; null where the container answers.
 * @param reason what the tracker said about the issue
 */
export function containerLoss(work: Workspace, container: string, reason?: string): Promise<HeldBack | null> {
  const known = lossesOf.get(work.pass) ?? new Map<string, Promise<HeldBack | null>>();
  lossesOf.set(work.pass, known);
  const loss = known.get(container) ?? probe(work, container, reason);
  known.set(container, loss);
  return loss;
}

async function probe({ pass, link }: Workspace, container: string, reason?: string): Promise<HeldBack | null> {
  const { connect } = pass.session.provider;
  const isReachable = (await connect?.probe(pass.call(), { container })) ?? true;
  if (isReachable) return null;
  const { source } = pass.session;
  await degradeBy(pass.runtime, source, link.id, `${container} does not answer this credential.`);
  const why = reason ?? "it is gone, renamed or hidden from the account";
  const message = `"${source.name}" does not reach ${container} any more: ${why}. Give it access again, or detach this link.`;
  return new HeldBack(code, message, waitOf(pass, source));
}

/**
 * The links whose issues are missing because their container is out of reach as a whole. Links of other containers are
 * not concerned. One probe per container that has something missing.
 */
export async function judgeContainers(
  works: readonly Workspace[],
  observations: ReadonlyMap<string, Observation>,
): Promise<ReadonlyMap<Workspace, unknown>> {
  const hindrances = new Map<Workspace, unknown>();
  for (const work of works) {
    const container = work.issue?.container;
    const outcome = observations.get(work.link.id)?.outcome;
    if (container === undefined || outcome?.kind !== "no-access" || mayLagBehindUs(work)) continue;
    try {
      const loss = await containerLoss(work, container, outcome.reason);
      if (loss !== null) hindrances.set(work, loss);
    } catch (error) {
      if (!BackrefError.isInstance(error)) throw error;
      hindrances.set(work, error);
    }
  }
  return hindrances;
}
