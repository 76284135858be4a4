import type {
  ChangesPage,
  ChangesRequest,
  CreateIssueRequest,
  FindCreatedRequest,
  IssueAddress,
  IssuePatch,
  IssueSnapshot,
  ReadOutcome,
  RemotePerson,
  UpdateIssueRequest,
} from "@backref/core/provider";
import type { ServerFault } from "../remote-tracker.ts";
import { type Author, engineAccount, type IssueEdit, personOf, type ThinIssue, type ThinModel } from "./thin-model.ts";

/** What a request of the thin tracker's provider asks for. */
export type ThinOperation =
  | { readonly name: "account" }
  | { readonly name: "probe"; readonly container: string }
  | { readonly name: "read"; readonly issues: readonly IssueAddress[] }
  | { readonly name: "create"; readonly request: CreateIssueRequest }
  | { readonly name: "find"; readonly request: FindCreatedRequest }
  | { readonly name: "update"; readonly request: UpdateIssueRequest }
  | { readonly name: "changes"; readonly request: ChangesRequest }
  | { readonly name: "labels"; readonly names: readonly string[] }
  | { readonly name: "comments"; readonly issue: IssueAddress }
  | { readonly name: "comment-add"; readonly issue: IssueAddress; readonly body: string }
  | { readonly name: "comment-edit"; readonly issue: IssueAddress; readonly id: string; readonly body: string }
  | { readonly name: "comment-delete"; readonly issue: IssueAddress; readonly id: string };

export interface ThinAnswer {
  readonly status: number;
  readonly value: unknown;
}

const ok = (value: unknown): ThinAnswer => ({ status: 200, value });
const failed = (status: number): ThinAnswer => ({ status, value: null });

/** Lists come from an index that lags; asking for a little more than the cursor covers the lag. */
const indexLagMs = 21_000;

export interface ThinServerOptions {
  readonly model: ThinModel;
  readonly now: () => number;
  readonly granularityMs: number;
  readonly isLost: () => boolean;
}

/** An issue has one assignee: whoever comes takes the place of whoever is there. */
export function assigneesAfter(
  { assignees }: IssueSnapshot,
  { add, remove }: NonNullable<IssuePatch["assigneeIds"]>,
): readonly RemotePerson[] {
  return add.length > 0 ? add.slice(0, 1).map(personOf) : assignees.filter((person) => !remove.includes(person.id));
}

/** The tracker's answers, one per operation. Everything happens at once. */
export function createThinServer({ model, now, granularityMs, isLost }: ThinServerOptions) {
  const labels = new Set<string>();

  /** The issue as a read of an older copy shows it. */
  const stateAt = (issue: ThinIssue, at: number) => issue.states.findLast((state) => state.at <= at) ?? null;

  const readOne = (address: IssueAddress, staleMs: number): ReadOutcome => {
    const issue = [...model.issues.values()].find((one) =>
      address.remoteId === null
        ? one.container === address.container && one.item === address.item
        : one.id === address.remoteId,
    );
    if (issue === undefined || isLost()) return { kind: "no-access" };
    if (issue.state === "deleted") return { kind: "deleted" };
    if (issue.state !== "live") {
      const to = model.issues.get(issue.state.movedTo);
      if (to === undefined) return { kind: "moved", to: null };
      return { kind: "moved", to: { remoteId: to.id, container: to.container, item: to.item, raw: null } };
    }
    const state = stateAt(issue, now() - staleMs);
    return state === null ? { kind: "no-access" } : { kind: "live", issue: state.snapshot };
  };

  const find = ({ container, createdAfter, token, accountId }: FindCreatedRequest, staleMs: number) =>
    [...model.issues.values()]
      .filter((issue) => issue.container === container && issue.createdAt >= createdAfter && issue.state === "live")
      .filter((issue) => accountId === null || issue.snapshot.author?.id === accountId)
      .flatMap((issue) => stateAt(issue, now() - staleMs)?.snapshot ?? [])
      .filter((snapshot) => snapshot.body.includes(`<!-- backref:${token} -->`));

  const live = (address: IssueAddress) => {
    const issue = model.issues.get(address.remoteId ?? "");
    return issue === undefined || issue.state !== "live" || isLost() ? null : issue;
  };

  const update = ({ issue: address, patch, ifVersion }: UpdateIssueRequest, fault: ServerFault, author: Author) => {
    const issue = live(address);
    if (issue === null) return failed(410);
    if (ifVersion !== null && ifVersion !== issue.snapshot.version) return failed(412);
    const kept = Object.entries(patch).slice(fault.dropsField ? 1 : 0);
    const taken: typeof patch = Object.fromEntries(kept);
    const { labels: change, state } = taken;
    const had = issue.snapshot.labels;
    const edit: IssueEdit = {
      ...(taken.title === undefined ? {} : { title: taken.title }),
      ...(taken.body === undefined ? {} : { body: taken.body }),
      ...(taken.priority === undefined ? {} : { priority: taken.priority }),
      ...(state === undefined
        ? {}
        : { state: { category: state.category === "closed" ? "closed" : "open", reason: state.reason ?? null } }),
      ...(change === undefined
        ? {}
        : { labels: [...new Set([...had, ...change.add])].filter((name) => !change.remove.includes(name)) }),
      ...(taken.assigneeIds === undefined ? {} : { assignees: assigneesAfter(issue.snapshot, taken.assigneeIds) }),
    };
    if (kept.length > 0) model.edit(issue, edit, author);
    return ok(issue.snapshot);
  };

  const changes = ({ container, cursor, startAt, withComments }: ChangesRequest, staleMs: number): ChangesPage => {
    const since = cursor === null ? startAt : Number(cursor);
    const at = now() - staleMs;
    const states = [...model.issues.values()]
      .filter((issue) => issue.container === container && issue.state === "live")
      .flatMap((issue) => stateAt(issue, at) ?? [])
      .filter(({ snapshot }) => snapshot.updatedAt >= since - indexLagMs - granularityMs)
      .toSorted((a, b) => a.snapshot.updatedAt - b.snapshot.updatedAt);
    const newest = states.at(-1)?.snapshot.updatedAt ?? since;
    return {
      issues: states.map(({ snapshot }) => snapshot),
      comments: withComments
        ? states.flatMap(({ snapshot, comments }) =>
            comments
              .filter((comment) => comment.snapshot.updatedAt >= since - indexLagMs - granularityMs)
              .map((comment) => ({
                issueItem: snapshot.item,
                container: snapshot.container,
                comment: comment.snapshot,
              })),
          )
        : [],
      cursor: String(Math.max(newest, since)),
      more: false,
    };
  };

  const ensure = (names: readonly string[], refuses: boolean) => {
    const missing = names.filter((name) => !labels.has(name));
    if (!refuses) for (const name of missing) labels.add(name);
    const refused = refuses ? missing.map((name) => ({ name, reason: "The account may not make labels." })) : [];
    return { present: names.filter((name) => labels.has(name)), refused };
  };

  return function answer(operation: ThinOperation, fault: ServerFault, requestId: number): ThinAnswer {
    const author: Author = { by: "engine", requestId };
    switch (operation.name) {
      case "account":
        return ok(engineAccount);
      case "probe":
        return ok(!isLost());
      case "read":
        return ok(operation.issues.map((address) => readOne(address, fault.staleMs)));
      case "find":
        return isLost() ? failed(404) : ok(find(operation.request, fault.staleMs));
      case "changes":
        return isLost() ? failed(404) : ok(changes(operation.request, fault.staleMs));
      case "labels":
        return isLost() ? failed(404) : ok(ensure(operation.names, fault.refusesLabels));
      case "create": {
        if (isLost()) return failed(404);
        const { container, title, body, labels: names, priority, assigneeIds } = operation.request;
        const assignees = assigneeIds.slice(0, 1).map(personOf);
        return ok(model.create(container, { title, body, labels: names, priority, assignees }, author).snapshot);
      }
      case "update":
        return update(operation.request, fault, author);
      default: {
        const issue = live(operation.issue);
        if (issue === null) return failed(410);
        if (operation.name === "comments") {
          const state = stateAt(issue, now() - fault.staleMs);
          return ok((state?.comments ?? []).map((comment) => comment.snapshot));
        }
        if (operation.name === "comment-add") {
          return ok(model.comment(issue, operation.body, "public", author).snapshot);
        }
        if (operation.name === "comment-edit") {
          const edited = model.editComment(issue, operation.id, operation.body, author);
          return edited === null ? failed(404) : ok(edited.snapshot);
        }
        return ok(model.deleteComment(issue, operation.id, author));
      }
    }
  };
}
