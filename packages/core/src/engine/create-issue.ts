import type { FieldValue } from "../domain/fields.ts";
import type { FieldWarning, IssueSnapshot } from "../domain/issue-snapshot.ts";
import { BackrefError } from "../errors/backref-error.ts";
import { ProviderError } from "../errors/provider-error.ts";
import { newIssueRow } from "../issues/issue-cache.ts";
import { asList, stateTargetOf } from "../mapping/field-codec.ts";
import { joinBody } from "../mapping/managed-block.ts";
import type { CreateIssueRequest } from "../provider/groups/create.ts";
import type { UpdateWrite } from "../storage/commit.ts";
import type { BasePair, CreateIntent, LinkRow } from "../storage/rows/link-rows.ts";
import type { IssueRow } from "../storage/rows/reference-rows.ts";
import { digestOf } from "./digest.ts";
import type { Observation } from "./observe.ts";
import { blockOf, refusal } from "./outbound.ts";
import { stageRefusals } from "./reconcile-fields.ts";
import type { Workspace } from "./workspace.ts";

/** Clocks of host and tracker may differ by this much without a real candidate being taken for a copy. */
const clockSkewMs = 600_000;
const shortestLookMs = 1_000;
const longestLookMs = 60_000;

export type CreateOutcome =
  | {
      readonly kind: "created";
      readonly observation: Observation;
      /** A delivery about the issue came in before anyone knew whose it was. */
      readonly hasUnrouted: boolean;
    }
  /** Nobody knows yet whether the issue exists. */
  | { readonly kind: "in-doubt"; readonly afterMs: number | null };

type SentFields = CreateIntent["sent"];

/** What the new issue shall say, per field, and what that stands for here. */
function sentFields(work: Workspace): SentFields {
  const { defect, codecs, mapping } = work;
  if (defect === null) return {};
  return Object.fromEntries(
    codecs.flatMap((codec) => {
      if (["in", "never"].includes(mapping.fields[codec.field].direction) && codec.field !== "title") return [];
      const local = defect[codec.field];
      const remote = codec.toRemote(local);
      return remote === undefined ? [] : [[codec.field, { local, remote }] as const];
    }),
  );
}

function checkLength(work: Workspace, request: CreateIssueRequest): void {
  const { maxLength } = work.pass.session.capabilities;
  const parts = [
    ["title", request.title, maxLength.title],
    ["description", request.body, maxLength.body],
  ] as const;
  for (const [field, text, limit] of parts) {
    if (limit === null || text.length <= limit) continue;
    throw new ProviderError({
      failure: "permanent",
      providerId: work.pass.session.provider.id,
      operation: "issue.create",
      field,
      message: `The ${field} has ${text.length} characters with what Backref adds; the tracker takes ${limit}. Shorten it in the defect and nothing else is needed.`,
    });
  }
}

function composeRequest(
  work: Workspace,
  sent: SentFields,
  refusedLabels: ReadonlyMap<string, string>,
): CreateIssueRequest {
  const { target, link, pass } = work;
  if (target === null) {
    throw new BackrefError({
      code: "target-missing",
      message: `Source "${pass.session.source.name}" has no target for project "${link.projectId}", so the issue has nowhere to go. Add a target to the source.`,
    });
  }
  const text = (value: BasePair | undefined) => (typeof value?.remote === "string" ? value.remote : "");
  const usesLabels = pass.session.capabilities.priority === "labels";
  const { labels: defaultLabels, ...fields } = target.defaults;
  const ownLabels = usesLabels ? asList(sent.priority?.remote).filter((name) => !refusedLabels.has(name)) : [];
  const request: CreateIssueRequest = {
    container: target.container,
    title: text(sent.title),
    body: joinBody(text(sent.description), blockOf(work)),
    token: link.token,
    labels: [...asList(Array.isArray(defaultLabels) ? defaultLabels.map(String) : []), ...ownLabels],
    priority: usesLabels || sent.priority === undefined ? null : text(sent.priority),
    type: target.issueType,
    assigneeIds: [],
    fields,
  };
  checkLength(work, request);
  return request;
}

/** True for a local status that a new issue has by itself. */
function isInitial(work: Workspace, local: FieldValue): boolean {
  return typeof local === "string" && stateTargetOf(work.mapping, local)?.category === "open";
}

/** An issue that somebody tied to another defect before we found it again is theirs. */
async function refuseTaken(work: Workspace, issueId: string): Promise<void> {
  const { pass, link } = work;
  const [other] = await pass.runtime.storage.find(pass.scope, { table: "link", by: "issue", keys: [[issueId, 1]] });
  if (other === undefined || other.id === link.id) return;
  throw new BackrefError({
    code: "issue-already-linked",
    message: `The issue of this defect was attached to defect "${other.defectId}" meanwhile. Detach it there and retry, or detach this link.`,
    data: { linkId: other.id, defectId: other.defectId },
  });
}

/** Another item had this key before, in a container that was made anew: it keeps its row, not its key. */
function retireKey(row: IssueRow): UpdateWrite {
  const set: Partial<IssueRow> = { canonicalKey: `${row.canonicalKey} (${row.remoteId})`, state: "no-access" };
  return { type: "update", table: "issue", id: row.id, set };
}

/** Makes the issue ours: row, reference and base, staged for the next commit. */
async function adopt(
  work: Workspace,
  snapshot: IssueSnapshot,
  sent: SentFields,
  warnings: readonly FieldWarning[],
  how: "issue-created" | "issue-adopted",
): Promise<Extract<CreateOutcome, { kind: "created" }>> {
  const { pass, link, codecs } = work;
  const { runtime, session, scope } = pass;
  const readAt = runtime.clock.monotonic();
  const { tenantId, sourceId } = link;
  const known = await runtime.storage.find(scope, {
    table: "issue",
    by: "remoteId",
    keys: [[sourceId, snapshot.remoteId]],
  });
  const blank = newIssueRow({
    tenantId,
    id: runtime.ids.id(),
    sourceId,
    container: snapshot.container,
    item: snapshot.item,
    formatted: session.provider.formatIssue(snapshot, session.site),
  });
  const byKey =
    known[0] === undefined
      ? await runtime.storage.find(scope, {
          table: "issue",
          by: "canonicalKey",
          keys: [[sourceId, blank.canonicalKey]],
        })
      : known;
  const [first] = byKey;
  const isSame = first !== undefined && (first.remoteId === null || first.remoteId === snapshot.remoteId);
  if (isSame) await refuseTaken(work, first.id);
  const issue: IssueRow = {
    ...(isSame ? first : blank),
    remoteId: snapshot.remoteId,
    state: "live",
    snapshot,
    version: snapshot.version,
    fetchedAt: runtime.clock.now(),
  };
  const base: { -readonly [Key in keyof LinkRow["base"]]: LinkRow["base"][Key] } = {};
  const refused: LinkRow["refused"][number][] = [];
  for (const codec of codecs) {
    const pair = sent[codec.field];
    const answered = codec.readRemote(snapshot);
    if (pair === undefined) continue;
    if (codec.sameRemote(answered, pair.remote)) {
      base[codec.field] = { local: pair.local, remote: answered };
    } else if (codec.field === "status" && (how === "issue-created" || !isInitial(work, pair.local))) {
      // A create cannot choose the state: what the tracker begins with is agreed, and ours goes out next.
      base.status = { local: codec.fromRemote(answered) ?? null, remote: answered };
    } else if (how === "issue-created") {
      const warning = warnings.find((entry) => entry.field === "labels" || entry.field === "priority");
      const reason =
        warning?.message ?? `The tracker did not take the ${codec.field} of the new issue and gave no reason.`;
      base[codec.field] = { local: null, remote: answered };
      refused.push(refusal(work, codec.field, pair.local, reason));
    } else {
      // Someone may have edited the issue before we found it again: agreed is what we sent, so their edit comes in.
      base[codec.field] = pair;
    }
  }
  const [unrouted] = await runtime.storage.find(scope, {
    table: "delivery",
    by: "unrouted",
    keys: [[sourceId, snapshot.remoteId, false]],
    limit: 1,
  });
  work.setIssue(issue);
  work.stage({
    set: {
      issueId: issue.id,
      intent: null,
      base,
      seenVersion: snapshot.version,
      seenDigest: digestOf(codecs, snapshot),
    },
    write: [
      ...(first === undefined || isSame ? [] : [retireKey(first)]),
      { type: "put", table: "issue", row: issue },
      {
        type: "insert",
        table: "reference",
        ifExists: "skip",
        row: {
          tenantId,
          id: runtime.ids.id(),
          objectType: "defect",
          objectId: link.defectId,
          projectId: link.projectId,
          relationId: "defect",
          issueId: issue.id,
          sourceId,
          createdBy: link.createdBy,
          createdAt: runtime.clock.now(),
        },
      },
    ],
  });
  work.activity(how, { issue: issue.displayKey, url: issue.url });
  stageRefusals(work, refused);
  const observation: Observation = { outcome: { kind: "live", issue: snapshot }, readAt };
  return { kind: "created", observation, hasUnrouted: unrouted !== undefined };
}

/** Looks for an issue that carries the token. Only the account that sent the create can have made it. */
async function lookForCreated(work: Workspace, intent: CreateIntent): Promise<CreateOutcome> {
  const { pass, link } = work;
  const { runtime, session } = pass;
  const lookStartedAt = pass.now();
  const request = {
    container: intent.container,
    token: link.token,
    accountId: intent.accountId,
    createdAfter: intent.at - clockSkewMs,
    probe: intent.probe,
  };
  const candidates = await pass.slots.run(
    async () => (await session.provider.create?.findCreated(session.call({ sendBy: pass.sendBy }), request)) ?? [],
  );
  const [found, ...copies] = candidates;
  if (found !== undefined) {
    if (copies.length > 0) work.activity("link-in-doubt", { copies: copies.map((copy) => copy.item) });
    return adopt(work, found, intent.sent, [], "issue-adopted");
  }
  const looks = intent.looks + 1;
  const graceOver = lookStartedAt - intent.at >= runtime.limits.createGraceMs;
  if (!graceOver || runtime.limits.createInDoubt === "wait") {
    work.stage({ set: { intent: { ...intent, looks, lookedAt: lookStartedAt } } });
    const afterMs = graceOver ? null : Math.min(shortestLookMs * 2 ** intent.looks, longestLookMs);
    return { kind: "in-doubt", afterMs };
  }
  work.stage({ set: { intent: null } });
  return createFresh(work);
}

async function createFresh(work: Workspace): Promise<CreateOutcome> {
  const { pass, link, target } = work;
  const { session } = pass;
  const { create } = session.provider;
  if (create === undefined) {
    throw new BackrefError({
      code: "capability-missing",
      message: `Provider "${session.provider.id}" cannot create issues. Attach the defect to an existing issue instead.`,
    });
  }
  const sent = sentFields(work);
  const wantedLabels = session.capabilities.priority === "labels" ? asList(sent.priority?.remote) : [];
  const accountId = await pass.account();
  composeRequest(work, sent, new Map());
  const refusedLabels = target === null ? new Map<string, string>() : await pass.labels(target, wantedLabels);
  const request = composeRequest(work, sent, refusedLabels);
  const probe = (await create.probe?.(session.call({ sendBy: pass.sendBy }), { container: request.container })) ?? null;
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
      const result = await create.create(session.call({ sendBy: pass.sendBy }), request);
      const refusals = [...refusedLabels.values()].map((message): FieldWarning => ({ field: "labels", message }));
      return await adopt(work, result.issue, sent, [...refusals, ...result.warnings], "issue-created");
    } catch (error) {
      // A definite answer ends the doubt; anything else leaves the intent for a look.
      if (ProviderError.isInstance(error) && error.failure !== "ambiguous") work.stage({ set: { intent: null } });
      throw error;
    }
  });
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
  if (work.pass.session.capabilities.idempotentCreate) {
    work.stage({ set: { intent: null } });
    return createFresh(work);
  }
  return lookForCreated(work, intent);
}
