import type { FieldWarning } from "../domain/issue-snapshot.ts";
import { BackrefError } from "../errors/backref-error.ts";
import { ProviderError } from "../errors/provider-error.ts";
import { asList } from "../mapping/field-codec.ts";
import type { CreateIntent } from "../storage/rows/link-rows.ts";
import { type AdoptedIssue, adoptIssue } from "./adopt-issue.ts";
import { composeRequest, sentFields } from "./create-request.ts";
import { containerLoss } from "./lost-containers.ts";
import { explainRefusal } from "./refused-create.ts";
import type { Workspace } from "./workspace.ts";

export type CreateOutcome =
  | AdoptedIssue
  /** Nobody knows yet whether the issue exists. */
  | { readonly kind: "in-doubt"; readonly afterMs: number | null };

/** Clocks of host and tracker may differ by this much without a real candidate being taken for a copy. */
const clockSkewMs = 600_000;
const shortestLookMs = 1_000;
const longestLookMs = 60_000;

/** Looks for an issue that carries the token. Only the account that sent the create can have made it. */
async function lookForCreated(work: Workspace, intent: CreateIntent): Promise<CreateOutcome> {
  const { pass, link } = work;
  const { runtime, session } = pass;
  const lookStartedAt = pass.now();
  const readAt = runtime.clock.monotonic();
  const graceLeftMs = intent.at + runtime.limits.createGraceMs - lookStartedAt;
  const graceOver = graceLeftMs <= 0;
  const request = {
    container: intent.container,
    token: link.token,
    accountId: intent.accountId,
    createdAfter: intent.at - clockSkewMs,
    probe: intent.probe,
    // After this look it is taken for never made.
    thorough: graceOver,
  };
  const candidates = await pass.slots.run(
    async () => (await session.provider.create?.findCreated(pass.call(), request)) ?? [],
  );
  const [found, ...copies] = candidates;
  if (found !== undefined) {
    if (copies.length > 0) work.activity("link-in-doubt", { copies: copies.map((copy) => copy.item) });
    return adoptIssue(work, found, { how: "issue-adopted", sent: intent.sent, readAt });
  }
  const looks = intent.looks + 1;
  if (!graceOver || runtime.limits.createInDoubt === "wait") {
    work.stage({ set: { intent: { ...intent, looks, lookedAt: lookStartedAt } } });
    // A push is a look too: however many there were, the end of the grace period is not missed.
    const afterMs = graceOver ? null : Math.min(shortestLookMs * 2 ** intent.looks, longestLookMs, graceLeftMs);
    return { kind: "in-doubt", afterMs };
  }
  work.stage({ set: { intent: null } });
  return createFresh(work, intent);
}

/** @param former the attempt before, which may have made the issue after all */
async function createFresh(work: Workspace, former: CreateIntent | null = null): Promise<CreateOutcome> {
  const { pass, link, target } = work;
  const { session } = pass;
  const { create } = session.provider;
  if (create === undefined) {
    throw new BackrefError({
      code: "capability-missing",
      message: `Provider "${session.provider.id}" cannot create issues. Attach the defect to an existing issue instead.`,
    });
  }
  // Whichever attempt made the issue, its token is the same: so each of them sends the same, and what is newer goes out next.
  const doubtful = session.capabilities.idempotentCreate ? former : null;
  const sent = doubtful?.sent ?? sentFields(work);
  const wantedLabels = session.capabilities.priority === "labels" ? asList(sent.priority?.remote) : [];
  const accountId = await pass.account();
  composeRequest(work, sent, new Map());
  const refusedLabels = target === null ? new Map<string, string>() : await pass.labels(target, wantedLabels);
  const request = composeRequest(work, sent, refusedLabels);
  const probe = (await create.probe?.(pass.call({ isUrgent: true }), { container: request.container })) ?? null;
  return pass.slots.run(async () => {
    const intent: CreateIntent = {
      at: pass.now(),
      lookedAt: null,
      looks: 0,
      container: request.container,
      accountId,
      mappingVersion: link.mappingVersion,
      sent,
      probe,
    };
    work.stage({ set: { intent } });
    await work.flush();
    try {
      const result = await create.create(pass.call({ isUrgent: true }), request);
      const refusals = [...refusedLabels.values()].map((message): FieldWarning => ({ field: "labels", message }));
      // People may have been at an issue that an earlier request made: it is not what this one sent.
      if (result.existed === true) return await adoptIssue(work, result.issue, { how: "issue-adopted", sent });
      const warnings = [...refusals, ...result.warnings];
      const { bodyAsSent } = result;
      return await adoptIssue(work, result.issue, { how: "issue-created", sent, warnings, bodyAsSent });
    } catch (error) {
      // A definite answer ends the doubt; anything else leaves the intent for a look.
      if (ProviderError.isInstance(error) && error.failure !== "ambiguous") {
        work.stage({ set: { intent: stillOpen(doubtful, error) } });
      }
      throw await explainRefusal(work, request, error);
    }
  });
}

/** Of what an earlier attempt has done, only a refusal of what both of them sent tells. */
function stillOpen(former: CreateIntent | null, { failure }: ProviderError): CreateIntent | null {
  return failure === "permanent" ? null : former;
}

/**
 * Settles a create in doubt. A container that does not answer as a whole says nothing about the issue in it: it is waited for.
 */
async function settleDoubt(work: Workspace, intent: CreateIntent): Promise<CreateOutcome> {
  try {
    const isIdempotent = work.pass.session.capabilities.idempotentCreate;
    return await (isIdempotent ? createFresh(work, intent) : lookForCreated(work, intent));
  } catch (error) {
    const isGone = ProviderError.isInstance(error) && error.failure === "gone";
    throw (isGone ? await containerLoss(work, intent.container) : null) ?? error;
  }
}

/** Makes sure a link has its issue, exactly once: by finding what an earlier attempt made, or by creating it. */
export async function createOrAdopt(work: Workspace): Promise<CreateOutcome> {
  const { intent } = work.link;
  if (intent === null) {
    try {
      return await createFresh(work);
    } catch (error) {
      const { intent: doubtful } = work.link;
      const isAmbiguous = ProviderError.isInstance(error) && error.failure === "ambiguous";
      if (!isAmbiguous || doubtful === null) throw error;
      work.activity("link-in-doubt", { message: error.message });
      return lookForCreated(work, doubtful);
    }
  }
  return settleDoubt(work, intent);
}
