import type { FieldValue, SyncField } from "../domain/fields.ts";
import type { FieldWarning, IssueSnapshot } from "../domain/issue-snapshot.ts";
import { BackrefError } from "../errors/backref-error.ts";
import { newIssueRow } from "../issues/issue-cache.ts";
import { isAnswer, standsFor, stateTargetOf } from "../mapping/field-codec.ts";
import type { MergeConflict } from "../merge/merge-field.ts";
import type { UpdateWrite } from "../storage/commit.ts";
import type { LinkRow } from "../storage/rows/link-rows.ts";
import type { IssueRow } from "../storage/rows/reference-rows.ts";
import { isUncounted } from "./comment-count.ts";
import { recordedConflicts } from "./conflict-row.ts";
import type { SentFields } from "./create-request.ts";
import { digestOf } from "./digest.ts";
import type { LinkCase } from "./link-case.ts";
import { settleLinks } from "./linked-files.ts";
import type { Observation } from "./observe.ts";
import { lookAfter, polledContainers } from "./poll-scopes.ts";
import { refusal, stageRefusals } from "./refusals.ts";
import type { Workspace } from "./workspace.ts";

export interface AdoptedIssue {
  readonly kind: "created";
  readonly observation: Observation;
  /** A delivery about the issue came in before anyone knew whose it was. */
  readonly hasUnrouted: boolean;
}

/** True for a local status that a new issue has by itself. */
function isInitial(work: LinkCase, local: FieldValue): boolean {
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

/** A fresh row for the issue, and the one that has its id or key already. */
async function rowFor(
  work: Workspace,
  snapshot: IssueSnapshot,
): Promise<{ readonly blank: IssueRow; readonly taken: IssueRow | undefined }> {
  const { runtime, session, scope } = work.pass;
  const { tenantId, sourceId } = work.link;
  const blank = newIssueRow({
    tenantId,
    id: runtime.ids.id(),
    sourceId,
    container: snapshot.container,
    item: snapshot.item,
    formatted: session.provider.formatIssue(snapshot, session.site),
  });
  const { storage } = runtime;
  const [byId] = await storage.find(scope, { table: "issue", by: "remoteId", keys: [[sourceId, snapshot.remoteId]] });
  if (byId !== undefined) return { blank, taken: byId };
  const keys = [[sourceId, blank.canonicalKey]];
  const [byKey] = await storage.find(scope, { table: "issue", by: "canonicalKey", keys });
  return { blank, taken: byKey };
}

type How = "issue-created" | "issue-adopted";

function reasonFor(field: SyncField, warnings: readonly FieldWarning[]): string {
  const names: readonly string[] = field === "assignee" ? ["assignees"] : ["labels", "priority"];
  const warning = warnings.find((entry) => names.includes(entry.field));
  return warning?.message ?? `The tracker did not take the ${field} of the new issue and gave no reason.`;
}

function givenByItself(field: SyncField): string {
  return `The tracker gave the new issue a ${field} by itself, the defect has none, and the mapping lets none in: choose one in the defect, or let the field travel both ways.`;
}

const isText = (field: SyncField): boolean => field === "title" || field === "description";

/** How an issue came to be the link's. */
export interface NewIssueFacts {
  readonly how: How;
  /** What the request said that made it. */
  readonly sent: SentFields;
  /** What the tracker did not take of that. @default none */
  readonly warnings?: readonly FieldWarning[];
  /** As the provider says. @default false */
  readonly bodyAsSent?: boolean | undefined;
  /** When the snapshot was asked for, where that took more than one request; by the monotonic clock. @default now */
  readonly readAt?: number;
}

interface AgreedOnNew extends Pick<LinkRow, "base" | "refused"> {
  /** What was sent and stands otherwise in the tracker: the defect's own value is kept by these. */
  readonly replaced: readonly (MergeConflict & { readonly field: SyncField })[];
}

/** What both sides agree on once the issue exists, and what the tracker did not take. Pure. */
export function agreeOnNew(work: LinkCase, snapshot: IssueSnapshot, made: NewIssueFacts): AgreedOnNew {
  const { sent, warnings = [], how } = made;
  const replaced: AgreedOnNew["replaced"][number][] = [];
  const base: { -readonly [Key in keyof LinkRow["base"]]: LinkRow["base"][Key] } = {};
  const refused: LinkRow["refused"][number][] = [];
  for (const codec of work.codecs) {
    const pair = sent[codec.field];
    const answered = codec.readRemote(snapshot);
    const { direction } = work.mapping.fields[codec.field];
    if (pair === undefined) {
      // Nobody was asked for, and that is what both sides begin with: whom the tracker or a person assigned since comes in.
      const goesOut = ["two-way", "out"].includes(direction);
      if (codec.member !== undefined && goesOut) base[codec.field] = { local: null, remote: [] };
      continue;
    }
    if (codec.member !== undefined) {
      if (standsFor(codec, { local: pair.local, remote: answered })) {
        base[codec.field] = { local: pair.local, remote: answered };
      } else if (how === "issue-created") {
        base[codec.field] = { local: null, remote: answered };
        refused.push(refusal(work, codec.field, pair.local, reasonFor(codec.field, warnings)));
      } else if (snapshot.updatedAt !== snapshot.createdAt) {
        // Somebody was there before us and may have taken them off. An untouched issue never had them.
        base[codec.field] = pair;
      }
    } else if (isAnswer(codec, pair.remote, answered) || (codec.field === "description" && made.bodyAsSent === true)) {
      base[codec.field] = { local: pair.local, remote: answered };
    } else if (codec.field === "status" && (how === "issue-created" || !isInitial(work, pair.local))) {
      // A create cannot choose the state: what the tracker begins with is agreed, and ours goes out next.
      base.status = { local: codec.fromRemote(answered) ?? null, remote: answered };
    } else if (how === "issue-adopted" || (pair.local === null && direction === "two-way")) {
      // Someone may have edited the issue before we found it again: agreed is what we sent, so their edit comes in. So does
      // what the tracker gives new issues by itself where the defect says nothing; its own answer alone shows what that is.
      base[codec.field] = how === "issue-created" ? { ...pair, given: answered } : pair;
    } else if (pair.local !== null && isText(codec.field) && answered !== "") {
      // Trackers write texts in their own way, or cut them off: as after a change, the defect follows.
      base[codec.field] = pair;
      const remote = codec.fromRemote(answered) ?? null;
      const isLost = direction === "two-way" && !codec.sameLocal(remote, pair.local);
      if (isLost) replaced.push({ field: codec.field, base: null, local: pair.local, remote, winner: "remote" });
    } else {
      base[codec.field] = { local: null, remote: answered };
      const reason = pair.local === null ? givenByItself(codec.field) : reasonFor(codec.field, warnings);
      refused.push(refusal(work, codec.field, pair.local, reason));
    }
  }
  return { base, refused, replaced };
}

/** Makes the issue ours: row, reference and base, staged for the next commit. */
export async function adoptIssue(work: Workspace, snapshot: IssueSnapshot, made: NewIssueFacts): Promise<AdoptedIssue> {
  const { how, warnings = [], readAt = work.pass.runtime.clock.monotonic() } = made;
  const { pass, link, codecs } = work;
  const { runtime, scope } = pass;
  const { tenantId, sourceId } = link;
  const { blank, taken: first } = await rowFor(work, snapshot);
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
  const { base, refused, replaced } = agreeOnNew(work, snapshot, made);
  const [unrouted] = await runtime.storage.find(scope, {
    table: "delivery",
    by: "unrouted",
    keys: [[sourceId, snapshot.remoteId, false]],
    limit: 1,
  });
  // It was moved before it was found, or its container was renamed: somebody has to ask at the new place, too.
  const isElsewhere = link.intent !== null && link.intent.container !== snapshot.container;
  work.setIssue(issue);
  work.stage({
    set: {
      issueId: issue.id,
      intent: null,
      base,
      seenVersion: snapshot.version,
      seenDigest: digestOf(codecs, snapshot),
      // What people wrote there before it was found was told to nobody.
      ...(how === "issue-adopted" && isUncounted(issue) && { checkComments: true }),
    },
    write: [
      ...(first === undefined || isSame ? [] : [retireKey(first)]),
      { type: "put", table: "issue", row: issue },
      ...(isElsewhere
        ? lookAfter(runtime, pass.session.source, polledContainers(pass.session.provider, [snapshot]))
        : []),
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
  settleLinks(work, snapshot);
  work.stage(recordedConflicts(work, replaced));
  work.activity(how, { issue: issue.displayKey, url: issue.url });
  stageRefusals(work, refused);
  // What concerns no synced field is told once, and remembered nowhere else.
  const told = new Set(refused.map(({ reason }) => reason));
  for (const { field, message } of warnings) {
    if (!told.has(message)) work.activity("field-refused", { field, reason: message });
  }
  const observation: Observation = { outcome: { kind: "live", issue: snapshot }, readAt };
  return { kind: "created", observation, hasUnrouted: unrouted !== undefined };
}
