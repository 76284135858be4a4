import { BackrefError, ProviderError } from "../../errors/index.ts";
import { issueAddress, newIssueRow } from "../../issues/issue-cache.ts";
import { inBatches, readBatch } from "../../issues/read-batch.ts";
import type { ReadOutcome } from "../../provider/groups/read.ts";
import { logEvent } from "../../runtime/log-event.ts";
import type { SourceSession } from "../../runtime/session.ts";
import { redactSecrets } from "../../security/redact.ts";
import { askTracker } from "../ask-tracker.ts";
import type { ServiceContext } from "../service-context.ts";
import type { NamedIssue } from "./resolve-issue-text.ts";

/** Tells issues of all sources apart. */
export function issueKey(issue: {
  readonly source: { readonly id: string };
  readonly formatted: { readonly canonicalKey: string };
}): string {
  return `${issue.source.id} ${issue.formatted.canonicalKey}`;
}

/** One look at each issue, by key. What the tracker could not be asked about is absent. */
export async function readNewIssues(
  context: ServiceContext,
  issues: readonly NamedIssue[],
): Promise<ReadonlyMap<string, ReadOutcome>> {
  const outcomes = new Map<string, ReadOutcome>();
  const bySource = Map.groupBy(
    new Map(issues.map((issue) => [issueKey(issue), issue])).values(),
    ({ source }) => source.id,
  );
  for (const group of bySource.values()) {
    const [first] = group;
    if (first === undefined || first.provider.read === undefined) continue;
    if (first.source.health === "reconnect-required") continue;
    await tolerating(context, first, async () => {
      await askTracker(context.runtime, first.source, async (session) => {
        // What was read before the credential was refused is not read again.
        const unread = group.filter((issue) => !outcomes.has(issueKey(issue)));
        for (const batch of inBatches(unread, session.capabilities.readBatchSize)) {
          await tolerating(context, first, () => readOne(context, session, batch, outcomes), concernsAll);
        }
      });
    });
  }
  return outcomes;
}

async function readOne(
  context: ServiceContext,
  session: SourceSession,
  batch: readonly NamedIssue[],
  outcomes: Map<string, ReadOutcome>,
): Promise<void> {
  const { read } = session.provider;
  if (read === undefined) return;
  const addresses = batch.map((issue) =>
    issueAddress(newIssueRow({ tenantId: "", id: "", sourceId: issue.source.id, ...issue })),
  );
  const answers = await readBatch(context.runtime, session, read, addresses);
  batch.forEach((issue, index) => {
    const answer = answers[index];
    if (answer !== undefined) outcomes.set(issueKey(issue), answer);
  });
}

/** What would be the same for the next request, too. */
function concernsAll(error: BackrefError): boolean {
  return ProviderError.isInstance(error) && (error.failure === "auth" || error.failure === "wait");
}

/** A tracker in trouble must not keep anybody from linking: the issue is stored unread and read later. */
async function tolerating(
  context: ServiceContext,
  issue: NamedIssue,
  work: () => Promise<void>,
  isTooMuch: (error: BackrefError) => boolean = () => false,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!BackrefError.isInstance(error) || isTooMuch(error)) throw error;
    logEvent(context.runtime, "issue-unread", {
      tenantId: context.scope.tenantId,
      sourceId: issue.source.id,
      failure: ProviderError.isInstance(error) ? error.failure : null,
      code: error.code,
      reason: redactSecrets(error.message),
    });
  }
}

/** Null where there is something to link to. */
export function goneError(issue: NamedIssue, outcome: ReadOutcome | undefined): BackrefError | null {
  if (outcome === undefined || outcome.kind === "live") return null;
  if (outcome.kind === "moved" && outcome.to !== null) return null;
  const reason = outcome.kind === "no-access" ? outcome.reason : undefined;
  const why = {
    moved: "was moved, and the tracker does not say where",
    deleted: "was deleted",
    "no-access":
      reason === undefined ? "does not exist, or the source's account may not see it" : `cannot be used: ${reason}`,
  }[outcome.kind];
  return new BackrefError({
    code: "issue-not-found",
    message: `${issue.formatted.displayKey} ${why}. Check the key; an admin can test the source's access with sources.test.`,
    providerId: issue.provider.id,
    operation: "issue.read",
    data: { sourceId: issue.source.id, key: issue.formatted.displayKey, state: outcome.kind },
  });
}
