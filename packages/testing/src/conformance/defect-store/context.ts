import assert from "node:assert/strict";
import type {
  DefectApplyOutcome,
  DefectChange,
  DefectComment,
  DefectCommentChange,
  DefectSnapshot,
  DefectStore,
} from "@backref/core";
import type {
  DefectDraft,
  DefectEdit,
  DefectHost,
  DefectPlace,
  DefectStoreUnderTest,
} from "./defect-store-under-test.ts";

/** What the rules of the defect store suite work with: a store of their own, its people, and ways to write short rules. */
export interface DefectStoreContext {
  readonly store: DefectStore;
  readonly host: DefectHost;
  readonly tenantId: string;
  /** Null where the host has one tenant only. */
  readonly otherTenantId: string | null;
  readonly statuses: readonly [string, string];
  readonly priorities: readonly [string, string];
  readonly refusedValue: DefectStoreUnderTest["refusedValue"] | null;
  readonly hasInternalComments: boolean;
  /** Removes what was made for the rule. */
  dispose(): Promise<void>;
}

export function createContext(underTest: DefectStoreUnderTest): DefectStoreContext {
  const [tenantId, otherTenantId = null] = underTest.tenantIds ?? ["tenant-1", "tenant-2"];
  return {
    store: underTest.store,
    host: underTest.host,
    tenantId,
    otherTenantId,
    statuses: underTest.statuses ?? ["open", "closed"],
    priorities: underTest.priorities ?? ["critical", "minor"],
    refusedValue: underTest.refusedValue ?? null,
    hasInternalComments: underTest.hasInternalComments ?? true,
    dispose: async () => underTest.dispose?.(),
  };
}

export function draftOf(context: DefectStoreContext, draft: Partial<DefectDraft> = {}): DefectDraft {
  const [status] = context.statuses;
  const [priority] = context.priorities;
  return { title: "Total is wrong", description: "30 instead of **29**", status, priority, ...draft };
}

/** Somebody makes a defect in the host. */
export async function createDefect(
  context: DefectStoreContext,
  draft: Partial<DefectDraft> = {},
  tenantId: string = context.tenantId,
): Promise<DefectPlace> {
  return { tenantId, defectId: await context.host.createDefect(tenantId, draftOf(context, draft)) };
}

export async function createDefects(context: DefectStoreContext, count: number): Promise<readonly DefectPlace[]> {
  const places: DefectPlace[] = [];
  for (let number = 1; number <= count; number += 1) {
    places.push(await createDefect(context, { title: `Defect ${number}` }));
  }
  return places;
}

/** The defect as the store tells it; undefined where it does not. */
export async function read(context: DefectStoreContext, place: DefectPlace): Promise<DefectSnapshot | undefined> {
  const { tenantId, defectId } = place;
  const found = await context.store.read({ tenantId }, [defectId]);
  assert.ok(found.length <= 1, "an id names at most one defect");
  return found[0];
}

/** Reads a defect that has to exist. */
export async function readOk(context: DefectStoreContext, place: DefectPlace): Promise<DefectSnapshot> {
  const snapshot = await read(context, place);
  assert.ok(snapshot !== undefined, `defect ${place.defectId} was expected to exist`);
  return snapshot;
}

export async function commentsOf(context: DefectStoreContext, place: DefectPlace): Promise<readonly DefectComment[]> {
  return context.store.readComments({ tenantId: place.tenantId }, [place.defectId]);
}

/** The comment as the store tells it, which it has to. */
export async function commentOk(
  context: DefectStoreContext,
  place: DefectPlace,
  commentId: string | undefined,
): Promise<DefectComment> {
  const comments = (await commentsOf(context, place)).filter((comment) => comment.id === commentId);
  assert.equal(comments.length, 1, `comment ${commentId} was expected to be listed once`);
  return comments[0] as DefectComment;
}

/** Somebody comments on a defect in the host. */
export async function addComment(
  context: DefectStoreContext,
  place: DefectPlace,
  body: string,
  visibility: "public" | "internal" = "public",
): Promise<string> {
  const { comments } = context.host;
  assert.ok(comments !== undefined, "the host has no comments");
  return comments.add(place, { body, visibility });
}

/** A change as a link brings it in, computed from the revision. */
export function changeOf(
  place: Pick<DefectPlace, "defectId">,
  expectedRevision: string,
  { set = {}, comments = [] }: { readonly set?: DefectEdit; readonly comments?: readonly DefectCommentChange[] },
): DefectChange {
  const cause = {
    linkId: "0199a1b2-0000-7000-8000-00000000000a",
    sourceId: "0199a1b2-0000-7000-8000-00000000000b",
    issueKey: "acme/web#1",
    issueUrl: "https://github.example/acme/web/issues/1",
  };
  return { defectId: place.defectId, expectedRevision, set, comments, cause };
}

/** A key as Backref makes them. */
export function commentKey(number: number): string {
  return `0199a1b2-0000-7000-9000-${String(number).padStart(12, "0")}`;
}

export function additionOf(number: number, body: string): Extract<DefectCommentChange, { kind: "add" }> {
  return {
    kind: "add",
    key: commentKey(number),
    body,
    authorName: "lena",
    authorId: null,
    createdAt: 1_780_000_000_000 + number * 1_000,
  };
}

/** Applies one change under the revision the defect has now, or under the given one. */
export async function apply(
  context: DefectStoreContext,
  place: DefectPlace,
  change: Parameters<typeof changeOf>[2],
  expectedRevision?: string,
): Promise<DefectApplyOutcome> {
  const revision = expectedRevision ?? (await readOk(context, place)).revision;
  const outcomes = await context.store.apply({ tenantId: place.tenantId }, [changeOf(place, revision, change)]);
  assert.equal(outcomes.length, 1, "one outcome per change");
  return outcomes[0] as DefectApplyOutcome;
}

/** Applies a change that has to be taken. */
export async function applyOk(
  context: DefectStoreContext,
  place: DefectPlace,
  change: Parameters<typeof changeOf>[2],
): Promise<Extract<DefectApplyOutcome, { status: "applied" }>> {
  const outcome = await apply(context, place, change);
  assert.ok(outcome.status === "applied", `the change was expected to be applied, not ${JSON.stringify(outcome)}`);
  return outcome;
}

/** Everything the store tells of a defect, to compare before and after. */
export async function wholeOf(context: DefectStoreContext, place: DefectPlace): Promise<unknown> {
  const [snapshot, comments] = [await read(context, place), await commentsOf(context, place)];
  return structuredClone({ snapshot, comments });
}
