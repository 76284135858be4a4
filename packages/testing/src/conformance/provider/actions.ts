import assert from "node:assert/strict";
import type {
  CreateIssueRequest,
  CreateIssueResult,
  FindCreatedRequest,
  IssueAddress,
  IssueSnapshot,
  ProviderCall,
  ReadOutcome,
} from "@backref/core/provider";
import { type ProviderContext, settle } from "./context.ts";
import { groupOf } from "./define-rules.ts";
import type { TrackerIssue, TrackerIssueDraft } from "./provider-tracker.ts";

/** Token of the issues that the rules create through the provider. */
export const sampleToken = "backref-0193c5a0-7b1e-7d6e-9c55-5f0f7a6d2c11";

/** Where somebody else's issue stands, as core addresses one that was never read. */
export function unreadAddress(
  context: ProviderContext,
  item: string,
  container: string = context.container,
): IssueAddress {
  return { remoteId: null, container, item, raw: null };
}

export function addressOf({ remoteId, container, item, raw }: IssueSnapshot): IssueAddress {
  return { remoteId, container, item, raw };
}

/** A complete create request. The token stands in the body only where that is its place, as core does it. */
export function createRequest(
  { container, capabilities, underTest }: ProviderContext,
  changes: Partial<CreateIssueRequest> = {},
): CreateIssueRequest {
  const token = changes.token ?? sampleToken;
  const marker = capabilities.markerPlace === "body" ? `\n\n<!-- ${token} -->` : "";
  return {
    container,
    title: "Login fails with <script> & “quotes” 🎉",
    body: `The page stays empty.${marker}`,
    token,
    labels: [],
    priority: null,
    type: null,
    assigneeIds: [],
    fields: {},
    ...underTest.createDefaults,
    ...changes,
  };
}

/** Creates an issue through the provider. */
export async function create(
  context: ProviderContext,
  changes: Partial<CreateIssueRequest> = {},
): Promise<CreateIssueResult> {
  const result = await groupOf(context, "create").create(context.call(), createRequest(context, changes));
  assert.ok(result?.issue && Array.isArray(result.warnings), "create answers with { issue, warnings }");
  return result;
}

async function accountIdOf(context: ProviderContext): Promise<string | null> {
  return (await context.provider.connect?.account(context.call()))?.id ?? null;
}

/** Looks for the sample token the way core does. */
export async function findCreated(
  context: ProviderContext,
  changes: Partial<FindCreatedRequest> & { readonly call?: ProviderCall } = {},
): Promise<readonly IssueSnapshot[]> {
  const { call = context.call(), accountId = await accountIdOf(context), ...rest } = changes;
  return groupOf(context, "create").findCreated(call, {
    container: context.container,
    token: sampleToken,
    accountId,
    createdAfter: context.tracker.now() - 600_000,
    probe: null,
    ...rest,
  });
}

/** What the provider's `probe` says before a create; null without one. */
export async function probeCreate(context: ProviderContext): Promise<FindCreatedRequest["probe"]> {
  const { container } = context;
  return (await groupOf(context, "create").probe?.(context.call(), { container })) ?? null;
}

export const sampleDraft: TrackerIssueDraft = { title: "Menu overlaps", body: "On small screens." };

/** Somebody opens an issue at the tracker. */
export async function open(context: ProviderContext, draft: Partial<TrackerIssueDraft> = {}): Promise<string> {
  const item = await context.tracker.createIssue({ ...sampleDraft, ...draft });
  await settle(context);
  return item;
}

export async function readAll(
  context: ProviderContext,
  issues: readonly IssueAddress[],
): Promise<readonly ReadOutcome[]> {
  const outcomes = await groupOf(context, "read").issues(context.call(), { issues });
  assert.ok(Array.isArray(outcomes), "read.issues answers with a list");
  assert.equal(outcomes.length, issues.length, "read.issues answers with one outcome per address");
  return outcomes;
}

/** Reads an issue that has to be there. */
export async function readLive(context: ProviderContext, address: IssueAddress): Promise<IssueSnapshot> {
  const [outcome] = await readAll(context, [address]);
  assert.ok(outcome?.kind === "live", `issue ${address.item} was expected to be live, not ${JSON.stringify(outcome)}`);
  return outcome.issue;
}

/** How core addresses somebody else's issue once it was read; providers without the group never know its id. */
export async function readAddress(context: ProviderContext, item: string): Promise<IssueAddress> {
  const address = unreadAddress(context, item);
  return context.provider.read === undefined ? address : addressOf(await readLive(context, address));
}

/** What the tracker itself says about an issue that has to be there. */
export async function truthOf({ tracker }: ProviderContext, item: string): Promise<TrackerIssue> {
  const truth = await tracker.readIssue(item);
  assert.ok(truth !== null, `the tracker was expected to have issue ${item}`);
  return truth;
}
